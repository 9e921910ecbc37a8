import { useLocale, useTranslations } from "next-intl";
import { ActButton } from "@/app/account/act-button";
import { Card } from "@/components/ui/card";
import { formatDateTime } from "@/lib/money-format";
import type { ReceiptLink } from "@/lib/receipts/queries";
import { revokeReceiptLinkAction } from "./actions";

/** The links of a receipt that still open, each with its end. */
export function ReceiptLinks({ transactionId, links }: { transactionId: string; links: ReceiptLink[] }) {
  const t = useTranslations("receipts");
  const locale = useLocale();
  if (links.length === 0) return null;
  return (
    <Card isFlush aria-labelledby="links" className="mt-3 print:hidden">
      <h2 id="links" className="px-5.5 pt-4 text-body font-semibold">
        {t("links")}
      </h2>
      <ul className="divide-y divide-line px-5.5 pb-2">
        {links.map(({ id, createdAt }) => (
          <li key={id} className="flex items-center justify-between gap-3 py-2.5">
            <span className="text-small text-muted tabular-nums">{t("linkFrom", { time: formatDateTime(createdAt, locale) })}</span>
            <ActButton act={revokeReceiptLinkAction} fields={{ linkId: id, transactionId }} label={t("revoke")} name={t("revokeNamed", { time: formatDateTime(createdAt, locale) })} busyLabel={t("revoking")} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
