import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import type { Actor } from "@/lib/auth/actor";
import { chargesWaitingFor } from "@/lib/charges/queries";
import { centsOfCharge } from "@/lib/charges/rules";
import { formatCents } from "@/lib/money-format";
import { paths } from "@/lib/paths";

/** What tills ask of this very person, whose code they scanned: announced when it comes, and one tap away. Nothing when nobody asks. */
export async function WaitingCharges({ actor }: { actor: Actor }) {
  const [t, locale, waiting] = await Promise.all([getTranslations("charges.waiting"), getLocale(), chargesWaitingFor(actor)]);
  return (
    <div role="status" className="grid gap-2 empty:hidden" data-testid="waiting-charges">
      {waiting.map((charge) => (
        <Link key={charge.id} href={paths.charge(charge.id)} className="flex min-h-[68px] items-center gap-3.5 rounded-[18px] bg-brand-soft px-4 py-3 text-ink no-underline">
          <Tile seed={tileSeed(charge.storeId, charge.qrVersion)} size={44} />
          <span className="min-w-0 flex-1">
            <b className="block font-semibold break-words">{t("title", { store: charge.storeName, amount: formatCents(centsOfCharge(charge), charge.currency, locale) })}</b>
            <span className="font-semibold text-brand-ink underline underline-offset-3">{t("open")}</span>
          </span>
        </Link>
      ))}
    </div>
  );
}
