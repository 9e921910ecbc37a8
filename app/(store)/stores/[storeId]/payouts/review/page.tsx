import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { AreaMessages } from "@/components/area-messages";
import { MoneyDisplay } from "@/components/money";
import { Card } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getPayoutIdentity } from "@/lib/payouts/identity";
import { getPayoutReview, type PayoutReview } from "@/lib/payouts/review";
import type { StoreIdentityView } from "@/lib/store-identity/rules";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../../or-not-found";
import { StoreIdentity } from "../../identity/identity-card";
import { StorePage } from "../../store-page";
import { DestinationText } from "../payout-words";
import { ConfirmPayout } from "./confirm-payout";
import { PayoutLines } from "./payout-lines";
import { WayChoice } from "./way-choice";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("payouts.review"))("title") };
}

/** How soon a partner's price is looked for again. */
const PRICE_EVERY_MS = 1_000;

/** What arrives, every line between, the two ways, and the one button. Nothing left the store yet. */
export default async function ReviewPayout({ params, searchParams }: PageProps<"/stores/[storeId]/payouts/review">) {
  const [{ storeId }, { k, q }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const [key, signed] = [typeof k === "string" ? k : "", typeof q === "string" ? q : ""];
  const review = await orNotFound(getPayoutReview(actor, storeId, signed)).catch((error: unknown): PayoutReview => {
    // An address that is not ours, or no longer: the form is the place to begin.
    if (error instanceof DomainError && error.code === "quote_invalid") redirect(paths.newPayout(storeId));
    throw error;
  });
  const { quote, destination, price, secondsLeft } = review;
  const [t, locale] = await Promise.all([getTranslations("payouts.review"), getLocale()]);
  const isDollars = destination.provider === null;
  const arrivesBrlCentavos = isDollars ? brlCentavosFromUsd(quote.terms.netUsdMicros, quote.brlPerUsdMicros) : price?.outputBrlCentavos;
  const kind = destination.stored.kind;
  const common = { storeId: store.id, payoutKey: key, signed };
  return (
    <StorePage actor={actor} store={store} role={role} current="payouts">
      <AreaMessages areas={["payouts"]}>
        <h1>{t("title")}</h1>
        <p className="mt-1 text-muted">
          {t("to")}{" "}
          <b className="text-ink">
            <DestinationText to={{ kind, name: destination.name, shown: kind === "balance" ? null : destination.stored.shown, isOwn: destination.toUserId === actor.userId }} />
          </b>
          {kind !== "balance" && destination.name ? ` (${destination.name})` : null}
        </p>
        <div className="mt-6 grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_400px]">
          <WayChoice {...common} chosen={quote.terms.way} nets={quote.nets} brlPerUsdMicros={quote.brlPerUsdMicros} />
          <Card aria-labelledby="arrives">
            <h2 id="arrives">{t(`arrives.${kind}`)}</h2>
            {arrivesBrlCentavos !== null && arrivesBrlCentavos !== undefined ? (
              <>
                <p className="mt-1.5">
                  <MoneyDisplay currency="BRL" amount={arrivesBrlCentavos} size="l" />
                </p>
                <PayoutLines review={review} />
                <p className="mt-3 text-small text-muted">{isDollars ? t("dollarsNote", { usd: formatUsd(quote.terms.netUsdMicros, locale) }) : t("leastNote")}</p>
                <div className="mt-4">
                  <ConfirmPayout {...common} label={t("send", { amount: formatBrl(arrivesBrlCentavos, locale) })} secondsLeft={secondsLeft} />
                </div>
                <p className="mt-3 text-center text-caption text-muted">{t(quote.terms.bridgeToChainId === null ? "usually" : quote.terms.bridgeFeeUsdMicros > 0n ? "usuallyBridged" : "usuallySlow")}</p>
              </>
            ) : (
              <Waiting price={price} locale={locale} common={common} identity={price?.status === "identity" ? await getPayoutIdentity(actor, storeId) : null} />
            )}
            <p className="mt-3 text-center">
              <Link href={paths.newPayout(store.id)} className="inline-flex min-h-11 items-center text-small font-semibold text-brand-ink underline underline-offset-3">
                {t("change")}
              </Link>
            </p>
          </Card>
        </div>
      </AreaMessages>
    </StorePage>
  );
}

async function Waiting({ price, locale, common, identity }: { price: PayoutReview["price"]; identity: StoreIdentityView | null; locale: Parameters<typeof formatBrl>[1]; common: { storeId: string; payoutKey: string; signed: string } }) {
  const t = await getTranslations("payouts.review");
  if (price === null || price.status === "asking" || price.status === "priced") {
    return (
      <div role="status" className="grid justify-items-center gap-3 py-8 text-center text-muted">
        <Spinner className="size-8 text-brand-ink" />
        {t("asking")}
        <RefreshUntilReady everyMs={PRICE_EVERY_MS} />
      </div>
    );
  }
  return (
    <div className="mt-3 grid gap-3">
      <Note tone="caution">{price.status === "limit" ? t("limit", { amount: formatBrl(price.leftBrlCentavos ?? 0n, locale) }) : t(price.status)}</Note>
      {price.status === "identity" && identity ? <StoreIdentity storeId={common.storeId} identity={identity} isOwner returnTo="payouts" /> : null}
      <ConfirmPayout {...common} label={null} secondsLeft={0} />
    </div>
  );
}
