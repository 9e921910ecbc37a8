import type { useTranslations } from "next-intl";
import type { PaymentView } from "@/lib/payments/queries";

type Named = Pick<PaymentView, "kind" | "store" | "counterparty" | "details">;

/** Who or what a line of the activity is about: the store, the person, or the kind of movement. */
export function activityTitle({ kind, store, counterparty, details }: Named, t: ReturnType<typeof useTranslations<"activity">>): string {
  if (kind === "payment") return store?.name ?? t("kind.payment");
  if (kind === "refund") return store ? t("refundOf", { store: store.name }) : t("kind.refund");
  if (kind === "sent" || kind === "received") return counterparty ? (counterparty.name ?? counterparty.phoneShown ?? t("somebody")) : details.payeeAddress ? t("outsideAddress") : t(`kind.${kind}`);
  return (kind === "incoming" ? counterparty?.name : null) ?? t(`kind.${kind}`);
}
