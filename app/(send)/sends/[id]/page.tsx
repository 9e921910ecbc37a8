import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { OfflineNote } from "@/app/(wallet)/offline-note";
import { signingOf, type Signing } from "@/app/sign/signing";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { PageHeader } from "@/components/page-header";
import { LinkButton } from "@/components/ui/link-button";
import { isAccountReady } from "@/lib/accounts/queries";
import type { Actor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { formatTime } from "@/lib/money-format";
import { preparedOperations } from "@/lib/operations/queries";
import { paths } from "@/lib/paths";
import { sendToSign, type SendToSign, type SendView } from "@/lib/transfers/queries";
import { cancelSendAction, releaseSendAction } from "./actions";
import { ClaimView } from "./claim-view";
import { OneButton } from "./one-button";
import { readSend } from "./read-send";
import { SendStateView } from "./send-state";
import { SignSendForm } from "./sign-send-form";

export async function generateMetadata({ params }: PageProps<"/sends/[id]">): Promise<Metadata> {
  const [t, send] = await Promise.all([getTranslations("transfers"), params.then(({ id }) => readSend(id))]);
  return { title: t(send.direction === "out" ? "sentTitle" : "receivedTitle"), robots: { index: false } };
}

type Waiting = { toSign: SendToSign; signing: Signing; isPrepared: boolean };

/** What a send of somebody who signs by themselves still waits for; null once it is signed, and for everybody else. */
async function waitingOf(actor: Actor, send: SendView): Promise<Waiting | null> {
  if (send.state !== "sending" || send.direction !== "out") return null;
  const toSign = await sendToSign(actor, send.id);
  if (!toSign) return null;
  const [[operation], signing] = await Promise.all([preparedOperations(actor, { subjectId: send.id }), signingOf(actor)]);
  if (!signing || (operation?.status !== "queued" && operation?.status !== "prepared")) return null;
  return { toSign, signing, isPrepared: operation.status === "prepared" };
}

/** One address for the whole life of a send, for its two sides and whoever it waits for. */
export default async function SendPage({ params }: PageProps<"/sends/[id]">) {
  const [send, actor, t, locale] = await Promise.all([params.then(({ id }) => readSend(id)), requireActor(), getTranslations("transfers"), getLocale()]);
  const [waiting, isReady] = await Promise.all([waitingOf(actor, send), send.canClaim ? isAccountReady(actor.userId) : true]);
  const areas = ["transfers", "receive", "wallet", ...(waiting ? (["signing", "wallets"] as const) : [])] as const;
  return (
    <PayShell>
      <LiveRefresh url={paths.liveMe()} />
      <PageHeader title={t(send.direction === "out" ? "sentTitle" : "receivedTitle")} backHref={paths.home()} />
      <AreaMessages areas={areas}>
        <div className="px-5 empty:hidden">
          <OfflineNote time={formatTime(new Date(), locale)} />
        </div>
        {send.canClaim ? (
          <ClaimView send={send} isAccountReady={isReady} />
        ) : (
          <SendStateView send={send}>
            {waiting ? <SignSendForm {...waiting} /> : null}
            {send.state === "sending" && !waiting ? <RefreshUntilReady /> : null}
            {send.state === "unconfirmed" && send.direction === "out" ? <OneButton value={send.id} action={releaseSendAction} label={t("confirmNow")} busyLabel={t("preparing")} /> : null}
            {send.canCancel ? <OneButton value={send.id} action={cancelSendAction} label={t("cancel")} busyLabel={t("cancelling")} kind="outline" /> : null}
            <LinkButton href={paths.home()} kind={send.state === "done" ? "primary" : "quiet"} isWide>
              {t("backHome")}
            </LinkButton>
          </SendStateView>
        )}
      </AreaMessages>
    </PayShell>
  );
}
