import { CircleAlert } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cnpjText } from "@/app/(pay)/payments/[id]/receipt/receipt-words";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { Logo } from "@/components/logo";
import { MessagePage } from "@/components/message-page";
import { MoneyDisplay } from "@/components/money";
import { RefreshEvery } from "@/components/refresh-every";
import { TileFrieze } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Chip, type Tone } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { optionalActor } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { DomainError } from "@/lib/errors";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { openPixReceipt, type PixReceipt } from "@/lib/tillpix/queries";
import { RewardPart } from "./reward-part";

/** The address is the secret: it must not travel to another site as where somebody came from. */
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("tillpix"))("receipt.title"), robots: { index: false, follow: false }, referrer: "no-referrer" };
}

const LOOK_MS = 2_500;
const toneOf = (shown: PixReceipt["shown"]): Tone => (shown === "done" ? "positive" : shown === "underpaid" || shown === "paid_twice" || shown === "paid_late" || shown === "refused" ? "danger" : shown === "expired" || shown === "returned" ? "neutral" : "caution");

/** The reward of whoever looks, not there yet. */
const isOnItsWay = ({ reward: { isTheirs, state } }: PixReceipt): boolean => isTheirs && (state === "told" || state === "sending");

/** A Pix at the till as its customer sees it: the sale, its state, and the reward that waits for a phone. */
export default async function PixReceiptPage({ params }: PageProps<"/x/[secret]">) {
  const { secret } = await params;
  const actor = await optionalActor();
  let receipt: PixReceipt;
  try {
    receipt = await openPixReceipt(await readVisitor(), actor, secret);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code !== "too_many_requests") notFound();
    const [t, common, errorText] = await Promise.all([getTranslations("tillpix"), getTranslations("common"), getErrorText()]);
    return <MessagePage icon={<Icon of={CircleAlert} size="large" />} title={t("receipt.limitTitle")} text={errorText(error.code, error.details)} actions={<LinkButton href={paths.home()}>{common("home")}</LinkButton>} />;
  }
  const [t, pay, locale] = await Promise.all([getTranslations("tillpix"), getTranslations("pay"), getLocale()]);
  const { store, shown } = receipt;
  return (
    <PayShell>
      <AreaMessages areas={["tillpix"]}>
        <main id="content" className="flex flex-1 flex-col px-5 pt-4 pb-5">
          <Logo />
          <h1 className="mt-5">{t("receipt.title")}</h1>
          <p className="mt-1 mb-4 text-muted">{t("receipt.lead")}</p>
          <article className="overflow-hidden rounded-card bg-card shadow-1">
            <TileFrieze seed={tileSeed(store.id, store.qrVersion)} height={40} />
            <div className="px-5.5 pt-4.5 pb-4">
              <h2 className="break-words">{store.name}</h2>
              <p className="text-small text-muted">{[store.place, store.cnpj && pay("cnpj", { cnpj: cnpjText(store.cnpj) })].filter(Boolean).join(" · ")}</p>
              {store.legalName ? (
                <p className="text-small text-muted">
                  {pay("legalName")}: {store.legalName}
                </p>
              ) : null}
              <div className="mt-3.5 flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                <MoneyDisplay amount={receipt.amountBrlCentavos} currency="BRL" size="l" />
                <span data-testid="pix-receipt-state">
                  <Chip tone={toneOf(shown)}>{t(`states.${shown}`)}</Chip>
                </span>
              </div>
              <p className="text-small text-muted tabular-nums">{formatDateTime(receipt.at, locale, store.timeZone)}</p>
            </div>
            <hr className="border-t-2 border-dashed border-line" />
            <div className="px-5.5 py-4">
              <p className="text-small text-muted">{t("receipt.code")}</p>
              {receipt.code ? (
                <p data-testid="receipt-code" className="mt-1 font-display text-[1.75rem]/[2rem] font-[650] tracking-[.14em] tabular-nums">
                  {receipt.code}
                </p>
              ) : (
                <p className="mt-1 font-semibold">{t("receipt.codeNone")}</p>
              )}
            </div>
          </article>
          <section aria-labelledby="reward" className="mt-4 grid gap-3 rounded-card bg-card p-5 shadow-1">
            <h2 id="reward">{t("receipt.rewardTitle")}</h2>
            <RewardPart secret={secret} receipt={receipt} isSignedIn={actor !== null} />
          </section>
          <p className="mt-4 text-caption text-muted">{t("receipt.notFiscal")}</p>
          {receipt.isMoving || isOnItsWay(receipt) ? <RefreshEvery ms={LOOK_MS} /> : null}
        </main>
      </AreaMessages>
    </PayShell>
  );
}
