import { CircleAlert } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { signingOf } from "@/app/sign/signing";
import { AreaMessages } from "@/components/area-messages";
import { MessagePage } from "@/components/message-page";
import { PageHeader } from "@/components/page-header";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { isId } from "@/lib/ids";
import { limitsOf } from "@/lib/limits/queries";
import { paths } from "@/lib/paths";
import { findByKey } from "@/lib/payments/confirm-payment";
import { findStoreByCode, normaliseShortCode } from "@/lib/payments/payable-store";
import { openQuote } from "@/lib/payments/quote";
import { todayOf } from "@/lib/payments/queries";
import { refreshQuote } from "@/lib/payments/quote-payment";
import { backOf } from "./back-of";
import { priceOf } from "./price";
import { ReviewForm } from "./review-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("pay");
  return { title: t("reviewTitle"), robots: { index: false } };
}

/** The quote of the address, made new when it has ended. Fails like refreshQuote. */
async function readPrice(payer: { userId: string; sessionId: string }, code: string, signed: string) {
  const now = new Date();
  const asked = openQuote(signed, payer.userId);
  // The address and the quote must name the same store, or the page would show one and pay the other.
  if (asked.shortCode !== normaliseShortCode(code)) throw new DomainError("quote_invalid");
  const hasEnded = asked.expiresAt <= now;
  const made = hasEnded ? await refreshQuote(payer, signed, now) : { quote: asked, signed };
  const store = await findStoreByCode(made.quote.shortCode);
  return { store, price: await priceOf(made, store, payer, now), ended: hasEnded ? { amountUsdMicros: asked.amountUsdMicros, amountBrlCentavos: asked.amountBrlCentavos } : null };
}

/** The quote of an address that could not be shown, for the way back. */
function readableQuote(signed: string, payerId: string) {
  try {
    return openQuote(signed, payerId);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

export default async function ReviewPage({ params, searchParams }: PageProps<"/p/[code]/review">) {
  const [{ code }, { k, q }, actor, t] = await Promise.all([params, searchParams, requireActor(), getTranslations("pay")]);
  if (typeof k === "string" && isId(k)) {
    const earlier = await findByKey(actor.userId, k);
    if (earlier) redirect(paths.payment(earlier.id));
  }
  try {
    if (typeof k !== "string" || !isId(k) || typeof q !== "string") throw new DomainError("quote_invalid");
    const [{ store, price, ended }, today, signing] = await Promise.all([readPrice(actor, code, q), limitsOf(actor).then(todayOf), signingOf(actor)]);
    return (
      <PayShell>
        <PageHeader title={t("reviewTitle")} backHref={backOf(price, store.shortCode)} />
        <main id="content" className="flex flex-1 flex-col gap-3 px-5 pb-5">
          <div className="pt-0.5 text-center">
            <div className="flex justify-center">
              <Tile seed={tileSeed(store.id, store.qrVersion)} size={64} isNamed />
            </div>
            <p className="mt-2.5">
              <b className="font-semibold">{store.name}</b> {store.place ? <span className="text-muted">· {store.place}</span> : null}
            </p>
          </div>
          <AreaMessages areas={["pay", "parts", "limits", ...(signing ? (["signing", "wallets"] as const) : [])]}>
            <ReviewForm paymentKey={k} shortCode={store.shortCode} initial={price} ended={ended} timeZone={store.timeZone} today={today} signing={signing} />
          </AreaMessages>
        </main>
      </PayShell>
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errorText = await getErrorText();
    const asked = typeof q === "string" ? readableQuote(q, actor.userId) : null;
    return (
      <MessagePage
        icon={<Icon of={CircleAlert} size="large" />}
        title={t("reviewProblem")}
        text={errorText(error.code, error.details)}
        actions={
          asked?.charge ? (
            <LinkButton href={backOf(asked, asked.shortCode)}>{t("seeCharge")}</LinkButton>
          ) : (
            <LinkButton href={paths.pay(encodeURIComponent(normaliseShortCode(decodeURIComponent(code))))}>{t("changeAmount")}</LinkButton>
          )
        }
      />
    );
  }
}
