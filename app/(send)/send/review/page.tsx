import { CircleAlert } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { MessagePage } from "@/components/message-page";
import { PageHeader } from "@/components/page-header";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { isId } from "@/lib/ids";
import { limitsOf } from "@/lib/limits/queries";
import { paths } from "@/lib/paths";
import { findByKey } from "@/lib/payments/confirm-payment";
import { todayOf } from "@/lib/payments/queries";
import { findPayee } from "@/lib/transfers/payee";
import { openSendQuote } from "@/lib/transfers/quote";
import { refreshSend } from "@/lib/transfers/quote-send";
import { shownSend } from "./price";
import { SendReviewForm } from "./send-review-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("transfers"))("reviewTitle"), robots: { index: false } };
}

/** The quote of the address, made new when it has ended. Fails like refreshSend. */
async function readSend(sender: { userId: string; sessionId: string }, signed: string) {
  const now = new Date();
  const asked = openSendQuote(signed, sender.userId);
  const hasEnded = asked.expiresAt <= now;
  const made = hasEnded ? await refreshSend(sender, signed, now) : { quote: asked, signed, payee: await findPayee(sender, asked.to) };
  return { send: shownSend(made, now), ended: hasEnded ? { amountUsdMicros: asked.amountUsdMicros, amountBrlCentavos: asked.amountBrlCentavos } : null };
}

/** Whom, how much, and the one tap. */
export default async function SendReviewPage({ searchParams }: PageProps<"/send/review">) {
  const [{ k, q }, actor, t] = await Promise.all([searchParams, requireActor(), getTranslations("transfers")]);
  if (typeof k === "string" && isId(k)) {
    const earlier = await findByKey(actor.userId, k);
    if (earlier) redirect(paths.sent(earlier.id));
  }
  try {
    if (typeof k !== "string" || !isId(k) || typeof q !== "string") throw new DomainError("quote_invalid");
    const [{ send, ended }, today] = await Promise.all([readSend(actor, q), limitsOf(actor).then(todayOf)]);
    return (
      <PayShell>
        <PageHeader title={t("reviewTitle")} backHref={paths.send()} />
        <main id="content" className="flex flex-1 flex-col gap-3 px-5 pb-5">
          <AreaMessages areas={["pay", "limits", "transfers"]}>
            <SendReviewForm sendKey={k} initial={send} ended={ended} today={today} />
          </AreaMessages>
        </main>
      </PayShell>
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errorText = await getErrorText();
    return (
      <MessagePage icon={<Icon of={CircleAlert} size="large" />} title={t("reviewProblem")} text={errorText(error.code, error.details)} actions={<LinkButton href={paths.send()}>{t("sendTitle")}</LinkButton>} />
    );
  }
}
