import { useLocale, useTranslations } from "next-intl";
import { MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { Avatar } from "@/components/ui/row";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { formatBrl, formatCents, formatDate, formatUsd, usdCentsFromMicros } from "@/lib/money-format";
import type { SendView } from "@/lib/transfers/queries";
import { claimSendAction } from "./actions";
import { OneButton } from "./one-button";

/** What waits for this phone: from whom, how much, until when, and one button. A new person's account is made meanwhile. */
export function ClaimView({ send, isAccountReady }: { send: SendView; isAccountReady: boolean }) {
  const t = useTranslations("receive");
  const wallet = useTranslations("wallet");
  const locale = useLocale();
  const { name } = send.other;
  const amount = send.amountBrlCentavos === null ? formatUsd(send.amountUsdMicros, locale) : formatBrl(send.amountBrlCentavos, locale);
  return (
    <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
      <div className="my-auto grid justify-items-center py-8">
        {name ? <Avatar name={name} /> : null}
        <h2 className="mt-3 text-title">{name ? t("claimFrom", { name }) : t("claimFromHidden")}</h2>
        <p className="mt-3">{send.amountBrlCentavos === null ? <MoneyDisplay currency="USD" amount={send.amountUsdMicros} size="l" /> : <MoneyDisplay currency="BRL" amount={send.amountBrlCentavos} size="l" />}</p>
        <p className="text-small text-muted tabular-nums">{formatCents(usdCentsFromMicros(send.amountUsdMicros, "up"), "USD", locale)}</p>
        {send.note ? (
          <Card className="mt-4 w-full px-4.5! py-3.5! text-left">
            <p className="break-words">{send.note}</p>
          </Card>
        ) : null}
        {send.expiresAt ? <p className="mt-3 text-muted">{t("claimUntil", { date: formatDate(send.expiresAt, locale) })}</p> : null}
      </div>
      {isAccountReady ? (
        <OneButton value={send.id} action={claimSendAction} label={t("claim", { amount })} busyLabel={t("claiming")} />
      ) : (
        <Note tone="info" isLive>
          <b className="block">{wallet("preparingTitle")}</b>
          {wallet("preparingText")}
          <RefreshUntilReady />
        </Note>
      )}
    </main>
  );
}
