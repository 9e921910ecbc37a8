import { useTranslations } from "next-intl";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { MoneyDisplay } from "@/components/money";
import { QrCode } from "@/components/qr-code";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import type { Locale } from "@/lib/i18n/locale";
import { formatBrl } from "@/lib/money-format";
import type { TopUpView } from "@/lib/topups/queries";
import { CodeCountdown } from "./code-countdown";
import { CopyCode } from "./copy-code";

const QR_PIXELS = 300;
/** The Pix is told by itself; whoever was not connected just then hears of it here. */
const SELDOM_MS = 6_000;

/** The code, as a picture and as text, and how long it is good for. */
export function CodeCard({ view, code, locale }: { view: TopUpView; code: NonNullable<TopUpView["code"]>; locale: Locale }) {
  const t = useTranslations("topups");
  return (
    <>
      <div className="pt-2 text-center">
        <h2 className="text-heading">{t("code.title")}</h2>
        <p className="mt-1.5">
          <MoneyDisplay currency="BRL" amount={view.amountBrlCentavos} size="l" />
        </p>
        <p className="mx-auto mt-1.5 max-w-[38ch] text-muted">{t("code.text")}</p>
      </div>
      <div className="mx-auto overflow-hidden rounded-card bg-card p-2 shadow-1">
        <QrCode text={code.brCode} label={t("code.qrLabel", { amount: formatBrl(view.amountBrlCentavos, locale) })} size={QR_PIXELS} />
      </div>
      <CodeCountdown secondsLeft={code.secondsLeft} />
      <CopyCode brCode={code.brCode} />
      <Note tone="info">{t("code.own")}</Note>
      <p role="status" className="flex items-center justify-center gap-2.5 text-small text-muted">
        <Spinner /> {t("code.watching")}
      </p>
      <RefreshUntilReady everyMs={SELDOM_MS} />
      {code.bankUrl ? (
        <a href={code.bankUrl} target="_blank" rel="noreferrer" className="grid min-h-11 place-items-center text-small font-semibold text-brand-ink underline underline-offset-3">
          {t("code.details.bank")}
        </a>
      ) : null}
    </>
  );
}
