import { HandCoins } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { PayShell } from "@/app/(pay)/pay-shell";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { MessagePage } from "@/components/message-page";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { QrCode } from "@/components/qr-code";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note, type NoteTone } from "@/components/ui/note";
import { Avatar } from "@/components/ui/row";
import { optionalActor } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { brlCentavosFromUsd, usdMicrosFromBrl, USD_MICROS_PER_CENT } from "@/lib/money";
import { formatBrl, formatCents, formatDate, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { getRequest, type RequestView } from "@/lib/requests/queries";
import { OneButton } from "../../sends/[id]/one-button";
import { RequestChip } from "../../request-chip";
import { cancelRequestAction, payRequestAction } from "../../requests/actions";
import { ShareLink } from "../../share-link";

const readRequest = cache(async (reference: string) =>
  getRequest(reference, await optionalActor()).catch((error: unknown) => {
    if (error instanceof DomainError) return null;
    throw error;
  }),
);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("requests"))("title"), robots: { index: false }, referrer: "no-referrer" };
}

/** One request for both sides: its requester shows and may cancel it, anybody else may pay it once. */
export default async function RequestPage({ params }: PageProps<"/q/[reference]">) {
  const [{ reference }, actor, t, common, locale] = await Promise.all([params, optionalActor(), getTranslations("requests"), getTranslations("common"), getLocale()]);
  const request = await readRequest(reference);
  if (!request) {
    return <MessagePage icon={<Icon of={HandCoins} size="large" />} title={t("goneTitle")} text={t("goneText")} actions={<LinkButton href={paths.home()}>{common("home")}</LinkButton>} />;
  }
  const { brlPerUsdMicros } = await currentRate();
  const link = new URL(paths.request(request.reference), env().APP_URL).href;
  const amount = formatCents(request.amountCents, request.currency, locale);
  const usdMicros = request.currency === "BRL" ? usdMicrosFromBrl(request.amountCents, brlPerUsdMicros) : request.amountCents * USD_MICROS_PER_CENT;
  const beside = request.currency === "BRL" ? formatCents(usdCentsFromMicros(usdMicros, "up"), "USD", locale) : formatBrl(brlCentavosFromUsd(usdMicros, brlPerUsdMicros), locale);
  const { name } = request.requester;
  const isOpen = request.state === "open";
  const said = saidOf(request);
  return (
    <PayShell>
      {actor ? <LiveRefresh url={paths.liveMe()} /> : null}
      <PageHeader title={t(request.isOwn ? "ownTitle" : "title")} backHref={request.isOwn ? paths.requests() : paths.home()} />
      <AreaMessages areas={["requests"]}>
        <main id="content" className="flex flex-1 flex-col px-5 pb-5 text-center">
          <div className="my-auto grid justify-items-center py-5">
            <span data-testid="request-state" data-state={request.state}>
              <RequestChip state={request.state} />
            </span>
            {request.isOwn ? null : (
              <div className="mt-4 grid justify-items-center gap-2">
                {name ? <Avatar name={name} /> : null}
                <h2 className="text-title">{name ? t("asks", { name }) : t("asksHidden")}</h2>
              </div>
            )}
            <p className="mt-3">
              <MoneyDisplay currency={request.currency} amount={request.currency === "BRL" ? request.amountCents : usdMicros} size="l" />
            </p>
            <p className="text-small text-muted tabular-nums">{t("aboutToday", { amount: beside })}</p>
            {request.note ? (
              <Card className="mt-4 w-full px-4.5! py-3.5! text-left">
                <p className="break-words">{request.note}</p>
              </Card>
            ) : null}
            {request.isOwn && isOpen ? (
              <>
                <div className="mt-5 overflow-hidden rounded-card shadow-2">
                  <QrCode text={link} label={t("qrLabel")} size={232} />
                </div>
                <p className="mt-3 text-small break-all text-muted" data-testid="request-link">
                  {link}
                </p>
              </>
            ) : null}
            {isOpen ? <p className="mt-3 text-muted">{t("until", { date: formatDate(request.expiresAt, locale) })}</p> : null}
            {said ? (
              <div className="mt-4 w-full text-left">
                <Note tone={said.tone} isLive>
                  {said.key === "paidOwn" ? t("said.paidOwn", { name: request.payerName ?? "" }) : t(`said.${said.key}`)}
                </Note>
              </div>
            ) : null}
            {request.state === "paying" ? <RefreshUntilReady /> : null}
          </div>
          <div className="grid gap-2">
            {isOpen && request.isOwn ? (
              <>
                <ShareLink link={link} text={t("shareText", { amount })} label={t("share")} copied={t("copied")} />
                <OneButton name="reference" value={request.reference} action={cancelRequestAction} label={t("cancel")} busyLabel={t("cancelling")} kind="outline" />
              </>
            ) : isOpen && actor ? (
              <OneButton name="reference" value={request.reference} action={payRequestAction} label={t("pay")} busyLabel={t("paying")} />
            ) : isOpen ? (
              <LinkButton href={paths.login(paths.request(request.reference))} isWide>
                {t("signIn")}
              </LinkButton>
            ) : null}
            {request.transactionId ? (
              <LinkButton href={paths.sent(request.transactionId)} kind="soft" isWide>
                {t("seeSend")}
              </LinkButton>
            ) : null}
            {isOpen ? null : (
              <LinkButton href={paths.home()} kind="quiet" isWide>
                {t("backHome")}
              </LinkButton>
            )}
          </div>
        </main>
      </AreaMessages>
    </PayShell>
  );
}

/** The one sentence of a request that is not open any more, by who looks at it. */
function saidOf({ state, isOwn, isPaidByMe, payerName }: RequestView) {
  const say = <K extends string>(key: K, tone: NoteTone) => ({ key, tone });
  if (state === "paid") return isOwn ? (payerName ? say("paidOwn", "positive") : say("paidOwnHidden", "positive")) : isPaidByMe ? say("paidByMe", "positive") : say("paidOther", "caution");
  if (state === "paying") return isOwn ? say("payingOwn", "caution") : isPaidByMe ? say("payingByMe", "caution") : say("paidOther", "caution");
  if (state === "cancelled") return say("cancelled", "neutral");
  return state === "expired" ? say("expired", "neutral") : null;
}
