import { Layers } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import Link from "next/link";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { elsewhereOf } from "@/lib/consolidation/find-movable";
import { openConsolidations } from "@/lib/consolidation/queries";
import { OFFER_USD_MICROS_MIN } from "@/lib/consolidation/rules";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl } from "@/lib/money-format";
import { paths } from "@/lib/paths";

/** Below the balance: what of it is on its way (in no balance until it arrives), and what could be brought together. */
export async function BalanceNotes({ actor, brlPerUsdMicros }: { actor: { userId: string }; brlPerUsdMicros: bigint }) {
  const [t, locale, open, elsewhereUsdMicros] = await Promise.all([getTranslations("together"), getLocale(), openConsolidations(actor), elsewhereOf(actor.userId)]);
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, brlPerUsdMicros), locale);
  const [only, ...others] = open;
  const link = "inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3";
  return (
    <>
      {only ? (
        <Note tone="info" icon={<Spinner />}>
          <span data-testid="on-the-way">{t("onTheWayLine", { amount: inReais(open.reduce((sum, { valueUsdMicros }) => sum + valueUsdMicros, 0n)) })}</span>
          <br />
          <Link href={others.length === 0 ? paths.consolidation(only.id) : paths.together()} className={link}>
            {t("where")}
          </Link>
        </Note>
      ) : elsewhereUsdMicros >= OFFER_USD_MICROS_MIN ? (
        <Note tone="neutral" icon={<Icon of={Layers} />}>
          {t("offer", { amount: inReais(elsewhereUsdMicros) })}
          <br />
          <Link href={paths.together()} className={link}>
            {t("offerAction")}
          </Link>
        </Note>
      ) : null}
    </>
  );
}
