import { CircleAlert } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cnpjText } from "@/app/(pay)/payments/[id]/receipt/receipt-words";
import { PayShell } from "@/app/(pay)/pay-shell";
import { Logo } from "@/components/logo";
import { MessagePage } from "@/components/message-page";
import { MoneyDisplay } from "@/components/money";
import { StatusChip } from "@/components/status-chip";
import { TileFrieze } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { readVisitor } from "@/lib/auth/visitor";
import { DomainError } from "@/lib/errors";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { formatDateTime, formatTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { openSharedReceipt, type SharedReceipt } from "@/lib/receipts/queries";

/** The address is the secret: it must not travel to another site as where somebody came from. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("receipts"))("sharedTitle"), robots: { index: false, follow: false }, referrer: "no-referrer" };
}

const TONES = { paid: "positive", refunded: "neutral", checking: "caution", failed: "danger" } as const;

/** What a third person opens to check a receipt. It says the same to everybody, signed in or not. */
export default async function SharedReceiptPage({ params }: PageProps<"/r/[secret]">) {
  const { secret } = await params;
  let receipt: SharedReceipt;
  try {
    receipt = await openSharedReceipt(await readVisitor(), secret);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code !== "too_many_requests") notFound();
    const [t, common, errorText] = await Promise.all([getTranslations("receipts"), getTranslations("common"), getErrorText()]);
    return (
      <MessagePage
        icon={<Icon of={CircleAlert} size="large" />}
        title={t("limitTitle")}
        text={errorText(error.code, error.details)}
        actions={<LinkButton href={paths.home()}>{common("home")}</LinkButton>}
      />
    );
  }
  const [t, pay, locale] = await Promise.all([getTranslations("receipts"), getTranslations("pay"), getLocale()]);
  const { store, state, record } = receipt;
  return (
    <PayShell>
      <main id="content" className="flex flex-1 flex-col px-5 pt-4 pb-5">
        <Logo />
        <h1 className="mt-5">{t("sharedTitle")}</h1>
        <p className="mt-1 mb-4 text-muted">{t("sharedLead")}</p>
        <article className="overflow-hidden rounded-card bg-card shadow-1">
          <TileFrieze seed={tileSeed(store.id, store.qrVersion)} height={40} />
          <div className="px-5.5 pt-4.5 pb-4">
            <h2>{store.name}</h2>
            <p className="text-small text-muted">{[store.place, store.cnpj && pay("cnpj", { cnpj: cnpjText(store.cnpj) })].filter(Boolean).join(" · ")}</p>
            {store.legalName ? (
              <p className="text-small text-muted">
                {pay("legalName")}: {store.legalName}
              </p>
            ) : null}
            <div className="mt-3.5 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
              {receipt.amountBrlCentavos === null ? <MoneyDisplay amount={receipt.amountUsdMicros} currency="USD" size="l" /> : <MoneyDisplay amount={receipt.amountBrlCentavos} currency="BRL" size="l" />}
              <StatusChip state={state} />
            </div>
            <p className="text-small text-muted tabular-nums">{formatDateTime(receipt.at, locale, store.timeZone)}</p>
          </div>
          <hr className="border-t-2 border-dashed border-line" />
          <div className="px-5.5 py-4">
            <p className="text-small text-muted">{pay("code")}</p>
            {receipt.code ? (
              <p data-testid="receipt-code" className="mt-1 font-display text-[1.75rem]/[2rem] font-[650] tracking-[.14em] tabular-nums">
                {receipt.code}
              </p>
            ) : (
              <p className="mt-1 font-semibold">{t("codeNone")}</p>
            )}
          </div>
        </article>
        <div className="mt-3">
          <Note tone={state === "paid" && !record?.isFresh ? "caution" : TONES[state]}>
            <b className="block" data-testid="receipt-state">
              {t(`state.${state}`)}
            </b>
            {record === null ? t("recordNone") : record.isFresh ? t("recordFresh", { time: formatTime(record.readAt, locale, store.timeZone) }) : t("recordStale", { time: formatDateTime(record.readAt, locale, store.timeZone) })}
          </Note>
        </div>
        <p className="mt-4 text-caption text-muted">
          {t("privacyNote")} {pay("notFiscal")}
        </p>
        <div className="mt-auto pt-5">
          {/* A whole reload: the answer must be of now. */}
          <a href={paths.sharedReceipt(secret)} className={buttonStyle({ kind: "soft", isWide: true })}>
            {t("checkAgain")}
          </a>
        </div>
      </main>
    </PayShell>
  );
}
