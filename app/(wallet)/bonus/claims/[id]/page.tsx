import { Check, Fingerprint, X } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { PayShell } from "@/app/(pay)/pay-shell";
import { signingOf } from "@/app/sign/signing";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { requireActor } from "@/lib/auth/session";
import { DomainError, isErrorCode } from "@/lib/errors";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { getClaim, type ClaimView } from "@/lib/loans/claim-queries";
import { formatUsd } from "@/lib/money-format";
import { preparedOperations } from "@/lib/operations/queries";
import { paths } from "@/lib/paths";
import { ClaimDetails } from "./claim-details";
import { KeepAsking } from "./keep-asking";
import { ConfirmClaim } from "./confirm-claim";

const readClaim = cache(async (id: string): Promise<ClaimView> => {
  const actor = await requireActor();
  try {
    return await getClaim(actor, id);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bonus");
  return { title: t("statusTitle"), robots: { index: false } };
}

/** What a claim that its person signs still waits for; null once it is signed, and for everybody else. */
async function waitingOf({ id, status, signsItself }: ClaimView) {
  if (status !== "pending" || !signsItself) return null;
  const actor = await requireActor();
  const [[operation], signing] = await Promise.all([preparedOperations(actor, { subjectId: id }), signingOf(actor)]);
  if (!signing || (operation?.status !== "queued" && operation?.status !== "prepared")) return null;
  return { signing, isPrepared: operation.status === "prepared", account: signsItself };
}

const FAILED = ["expired", "not_signed", "reverted", "would_revert", "nonce_used"] as const;
const isKnown = (code: string | null): code is (typeof FAILED)[number] => FAILED.some((known) => known === code);

/** One address for the whole life of a claim or a repayment: on its way, done, or not done. */
export default async function ClaimPage({ params }: PageProps<"/bonus/claims/[id]">) {
  const claim = await readClaim((await params).id);
  const [t, locale, waiting, errorText] = await Promise.all([getTranslations("bonus"), getLocale(), waitingOf(claim), getErrorText()]);
  const { status, terms } = claim;
  // The worker's own word is the better one, where it is one of ours.
  const code = isErrorCode(claim.reason) ? claim.reason : claim.errorCode;
  const title = waiting ? t("signTitle") : status === "confirmed" ? t(`doneTitle.${terms.way}`) : status === "failed" ? t("failedTitle") : t("waitingTitle");
  const money = claim.amountBrlCentavos === null ? ({ amount: claim.amountUsdMicros, currency: "USD" } as const) : ({ amount: claim.amountBrlCentavos, currency: "BRL" } as const);
  const [ground, icon] = status === "confirmed" ? (["bg-positive-soft text-positive", Check] as const) : status === "failed" ? (["bg-danger-soft text-danger", X] as const) : (["bg-caution-soft text-caution", Fingerprint] as const);
  return (
    <PayShell>
      <LiveRefresh url={paths.liveMe()} />
      {/* It stays while the screen below changes, so that readers hear each state. */}
      <p role="status" className="sr-only">
        {title}
      </p>
      <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
        <p className="grid min-h-13 place-items-center pt-1 text-[1.0625rem]/6 font-semibold">{t(`reviewTitle.${terms.way}`)}</p>
        <div className="my-auto grid justify-items-center gap-2 py-8">
          {status === "pending" && !waiting ? (
            <span className="grid size-[84px] place-items-center text-brand-ink [&_svg]:size-12">
              <Spinner />
            </span>
          ) : (
            <span className={`grid size-[84px] place-items-center rounded-tile ${ground}`}>
              <Icon of={icon} size="large" />
            </span>
          )}
          <h1 className="mt-4 text-[1.625rem]/[2rem]">{title}</h1>
          <p className="mt-1">
            <MoneyDisplay {...money} size="l" className={status === "failed" ? "line-through" : undefined} />
          </p>
          <p className="text-small text-muted tabular-nums" data-testid="claim-usd">
            {formatUsd(claim.amountUsdMicros, locale)}
            {claim.store ? ` · ${claim.store.name}` : null}
          </p>
          <p className="mt-1 max-w-[38ch] text-muted">
            {waiting ? t("signText") : status === "confirmed" ? t(`doneText.${terms.way}`) : status === "failed" ? `${t("failedText")} ${isKnown(code) ? t(`failedReasons.${code}`) : isErrorCode(code) ? errorText(code) : ""}` : null}
          </p>
        </div>
        <AreaMessages areas={waiting ? ["bonus", "signing", "wallets"] : ["bonus"]}>
          <div className="grid gap-2">
            {waiting ? (
              waiting.isPrepared ? (
                <ConfirmClaim claim={{ transactionId: claim.id, account: waiting.account, terms }} signing={waiting.signing} />
              ) : (
                <Note tone="info" icon={<Spinner />} isLive>
                  {t("working")}
                </Note>
              )
            ) : null}
            {status === "pending" ? <KeepAsking claimId={claim.id} /> : null}
            {status === "failed" ? (
              <LinkButton href={terms.loan && terms.way === "repayment" ? paths.advance(terms.loan.id) : paths.bonus()} isWide>
                {t("tryAgain")}
              </LinkButton>
            ) : null}
            {status === "confirmed" && terms.way !== "cash_out" ? (
              <LinkButton href={paths.bonus()} kind="soft" isWide>
                {t("toBonus")}
              </LinkButton>
            ) : null}
            <LinkButton href={paths.home()} kind={status === "confirmed" ? "primary" : "quiet"} isWide>
              {t("toHome")}
            </LinkButton>
          </div>
          <ClaimDetails claim={claim} />
        </AreaMessages>
      </main>
    </PayShell>
  );
}
