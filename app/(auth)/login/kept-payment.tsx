import { getLocale, getTranslations } from "next-intl/server";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { formatCents } from "@/lib/money-format";
import { DomainError } from "@/lib/errors";
import { keptAmount } from "@/app/(pay)/kept-amount";
import { findStoreByCode } from "@/lib/payments/payable-store";

/** The payment that waits behind the sign-in: the store and the amount that was typed. Nothing when none waits. */
export async function KeptPayment({ next }: { next: string }) {
  const kept = keptAmount(next);
  if (!kept) return null;
  const store = await findStoreByCode(kept.shortCode).catch((error: unknown) => {
    if (error instanceof DomainError) return null;
    throw error;
  });
  if (!store) return null;
  const [t, locale] = await Promise.all([getTranslations("auth"), getLocale()]);
  return (
    <div className="mt-1.5 flex items-center gap-3 rounded-[20px] bg-card px-3.5 py-3 shadow-1">
      <Tile seed={tileSeed(store.id, store.qrVersion)} size={44} />
      <div className="min-w-0 flex-1">
        <b className="block truncate leading-5 font-semibold">{store.name}</b>
        <span className="text-small text-muted">{t("savedPayment")}</span>
      </div>
      <b className="font-semibold tabular-nums">{formatCents(kept.cents, kept.currency, locale)}</b>
    </div>
  );
}
