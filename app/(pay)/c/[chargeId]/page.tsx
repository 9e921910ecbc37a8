import { Lock, QrCode } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { cookies } from "next/headers";
import { cache } from "react";
import { PayShell } from "@/app/(pay)/pay-shell";
import { StoreHead } from "@/app/(pay)/p/[code]/store-head";
import { StoreState } from "@/app/(pay)/p/[code]/store-state";
import { CHARGE_COOKIE } from "@/app/(pay)/w/[reference]/guest-cookie";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { MessagePage } from "@/components/message-page";
import { MoneyDisplay } from "@/components/money";
import { RateLine } from "@/components/rate-line";
import { RefreshEvery } from "@/components/refresh-every";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { optionalActor } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { getChargePage } from "@/lib/charges/queries";
import { TIP_CHOICES } from "@/lib/charges/rules";
import { DomainError } from "@/lib/errors";
import { areGuestPaymentsOffered } from "@/lib/guests/offered";
import { formatBrl, formatCents, formatTime, usdCentsFromMicros } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getPayPage } from "@/lib/payments/queries";
import { ChargeEnd } from "./charge-end";
import { ChargeForm } from "./charge-form";
import { ChargeLines } from "./charge-lines";

/** Somebody else may pay it meanwhile, and it ends by the clock. */
const LOOK_AGAIN_MS = 5_000;
const TYPED_MAX = 20;

/** One read for the page and its title; a charge that is none comes back as null. */
const readCharge = cache(async (chargeId: string) => {
  try {
    const [actor, kept] = await Promise.all([optionalActor(), cookies()]);
    const found = await getChargePage(chargeId, actor, new Date(), kept.get(CHARGE_COOKIE)?.value ?? null);
    return { actor, found, page: await getPayPage(found.charge.shortCode, actor) };
  } catch (error) {
    if (error instanceof DomainError && (error.code === "not_found" || error.code === "short_code_unknown")) return null;
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps<"/c/[chargeId]">): Promise<Metadata> {
  const [t, read] = await Promise.all([getTranslations("charges"), params.then(({ chargeId }) => readCharge(chargeId))]);
  return { title: read ? t("payTitle", { store: read.page.store.name }) : t("unknownTitle"), robots: { index: false } };
}

/** What a till's code leads to: the store, what is owed, a tip, and the way to the review; or what became of it. */
export default async function ChargePayPage({ params, searchParams }: PageProps<"/c/[chargeId]">) {
  const [{ chargeId }, query, t, common, locale] = await Promise.all([params, searchParams, getTranslations("charges"), getTranslations("common"), getLocale()]);
  const read = await readCharge(chargeId);
  if (!read || read.found.isForOther) {
    return (
      <MessagePage
        icon={<Icon of={read ? Lock : QrCode} size="large" />}
        title={t(read ? "otherTitle" : "unknownTitle")}
        text={t(read ? "otherText" : "unknownText")}
        actions={
          <>
            <LinkButton href={paths.scan()}>{t("scanAnother")}</LinkButton>
            <LinkButton href={paths.home()} kind="quiet">
              {common("home")}
            </LinkButton>
          </>
        }
      />
    );
  }
  const { actor, found, page } = read;
  const { charge } = found;
  const { store } = page;
  const isOpen = charge.state === "open";
  // A charge of one customer is that customer's alone, however it is paid.
  const isWalletOffered = isOpen && (charge.customerId === null || charge.customerId === actor?.userId) && (await areGuestPaymentsOffered(actor, await readVisitor()));
  const tip = TIP_CHOICES.find((known) => known === query["tip"]);
  const typed = query["tipAmount"];
  return (
    <PayShell>
      {actor ? <LiveRefresh url={paths.liveMe()} /> : null}
      {isOpen || charge.state === "paying" ? <RefreshEvery ms={LOOK_AGAIN_MS} /> : null}
      <AreaMessages areas={["pay", "limits", "charges", "guest"]}>
        <StoreHead page={page} seed={tileSeed(store.id, store.qrVersion)}>
          {!isOpen ? (
            <ChargeEnd page={found} />
          ) : page.readiness !== "ready" ? (
            <StoreState readiness={page.readiness} />
          ) : (
            <section className="flex flex-1 flex-col px-5 pt-5 pb-5" aria-labelledby="owed" data-testid="charge-open">
              <h2 id="owed" className="text-center font-sans text-label tracking-normal text-muted">
                {t("owed")}
              </h2>
              <p className="mt-1 text-center">
                <MoneyDisplay currency={charge.currency} amount={charge.currency === "BRL" ? charge.amountBrlCentavos : charge.amountUsdMicros} />
              </p>
              <p className="mt-1 text-center text-small text-muted tabular-nums">
                {charge.currency === "BRL" ? formatCents(usdCentsFromMicros(charge.amountUsdMicros, "up"), "USD", locale) : formatBrl(charge.amountBrlCentavos, locale)}
                {" · "}
                <RateLine brlPerUsdMicros={charge.brlPerUsdMicros} at={charge.rateAt} timeZone={store.timeZone} />
              </p>
              {charge.note ? <p className="mx-auto mt-2 max-w-full rounded-[14px] bg-sunk px-3.5 py-1.5 text-center break-words">{charge.note}</p> : null}
              <p className="mt-2 mb-4 text-center text-small text-muted">{t("goodUntil", { time: formatTime(charge.expiresAt, locale, store.timeZone) })}</p>
              <ChargeLines lines={charge.lines} />
              <ChargeForm
                charge={{ id: charge.id, currency: charge.currency, amountUsdMicros: charge.amountUsdMicros, amountBrlCentavos: charge.amountBrlCentavos, brlPerUsdMicros: charge.brlPerUsdMicros, isTipAllowed: charge.isTipAllowed }}
                kept={tip ? { tip, tipText: typeof typed === "string" ? typed.slice(0, TYPED_MAX) : "" } : null}
                isSignedIn={actor !== null}
                availableUsdMicros={page.availableUsdMicros}
                togetherUsdMicros={page.togetherUsdMicros}
                isWalletOffered={isWalletOffered}
              />
            </section>
          )}
        </StoreHead>
      </AreaMessages>
    </PayShell>
  );
}
