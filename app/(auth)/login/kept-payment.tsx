import { getLocale, getTranslations } from "next-intl/server";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { formatCents } from "@/lib/money-format";
import { DomainError } from "@/lib/errors";
import { keptAmount, keptCharge, type KeptAmount } from "@/app/(pay)/kept-amount";
import { getChargePage } from "@/lib/charges/queries";
import { centsOfCharge } from "@/lib/charges/rules";
import { findStoreByCode } from "@/lib/payments/payable-store";

/** A charge that was scanned and can still be paid by anybody, as the store and the amount that it asks. */
async function amountOfCharge(next: string): Promise<KeptAmount | null> {
  const chargeId = keptCharge(next);
  if (!chargeId) return null;
  try {
    const { charge } = await getChargePage(chargeId, null);
    return charge.state === "open" && charge.customerId === null ? { shortCode: charge.shortCode, cents: centsOfCharge(charge), currency: charge.currency } : null;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** The payment that waits behind the sign-in: the store and the amount that was typed, or charged. Nothing when none waits. */
export async function KeptPayment({ next }: { next: string }) {
  const kept = keptAmount(next) ?? (await amountOfCharge(next));
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
