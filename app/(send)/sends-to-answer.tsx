import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { Note } from "@/components/ui/note";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import type { SendView } from "@/lib/transfers/queries";

/** Money that waits for this phone, and sends that wait for their own sender's touch. */
export function SendsToAnswer({ sends }: { sends: SendView[] }) {
  const t = useTranslations("receive");
  const locale = useLocale();
  return sends.map((send) => {
    const amount = send.amountBrlCentavos === null ? formatUsd(send.amountUsdMicros, locale) : formatBrl(send.amountBrlCentavos, locale);
    const { name } = send.other;
    return (
      <Note key={send.id} tone={send.canClaim ? "positive" : "caution"}>
        <b className="block">{send.canClaim ? (name ? t("homeWaiting", { name, amount }) : t("homeWaitingHidden", { amount })) : t("homeUnconfirmed", { amount })}</b>
        <Link href={paths.sent(send.id)} className="inline-flex min-h-11 items-center font-semibold text-inherit underline underline-offset-3">
          {t(send.canClaim ? "homeTake" : "homeConfirm")}
        </Link>
      </Note>
    );
  });
}
