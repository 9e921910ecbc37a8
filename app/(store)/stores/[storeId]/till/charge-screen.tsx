"use client";

import { Ban, Check, Clock, LoaderCircle, QrCode as QrIcon, Smartphone, type LucideIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { ShareLink } from "@/app/(send)/share-link";
import { ChargeLines } from "@/app/(pay)/c/[chargeId]/charge-lines";
import { useErrorText } from "@/components/error-text";
import { MoneyDisplay } from "@/components/money";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import { formatBrl, formatCents, formatTime, usdCentsFromMicros } from "@/lib/money-format";
import { cancelChargeAction } from "./actions";
import { PixSide } from "./pix-side";
import type { TillCharge } from "./till-charge";
import { useChargeNews } from "./use-charge-news";

type Props = {
  storeId: string;
  charge: TillCharge;
  timeZone: string;
  /** Moves when something happened at the store: then the charge is asked at once. */
  nudge: number;
  /** A new sale; this charge can still be paid. */
  onNew: () => void;
  /** The charge is cancelled: its sale is on the keypad again. */
  onCancelled: () => void;
  /** The same sale charged anew, after this one ended. */
  onAgain: () => void;
  isMaking: boolean;
  /** Why another one could not be made. */
  failure: string | null;
};

/** The code of one charge, and where it stands. Green comes over it when it is paid; nothing here is green. */
export function ChargeScreen({ storeId, charge, timeZone, nudge, onNew, onCancelled, onAgain, isMaking, failure }: Props) {
  const t = useTranslations("sale.charge");
  const locale = useLocale();
  const errorText = useErrorText();
  const { state, isWalletAsked, secondsLeft } = useChargeNews(storeId, charge, nudge);
  const [isCancelling, setCancelling] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isOpen = state === "open" && secondsLeft > 0;
  const isOver = state === "expired" || state === "cancelled" || (state === "open" && secondsLeft === 0);
  const isCancellable = isOpen || (state === "paying" && isWalletAsked);
  const inReais = formatBrl(BigInt(charge.amountBrlCentavos), locale);
  const inDollars = formatCents(usdCentsFromMicros(BigInt(charge.amountUsdMicros), "up"), "USD", locale);

  const cancel = async () => {
    setCancelling(true);
    const form = new FormData();
    form.set("storeId", storeId);
    form.set("chargeId", charge.id);
    const answer = await cancelChargeAction(null, form).catch(() => null);
    setCancelling(false);
    if (answer?.ok) return onCancelled();
    setProblem(errorText(answer?.code ?? "unavailable", answer?.details ?? {}));
  };

  return (
    <>
      <section aria-labelledby="charge" tabIndex={0} className="px-5 pt-3 text-center lg:col-start-2 lg:row-start-2 lg:overflow-y-auto lg:border-l lg:border-line lg:bg-card lg:px-7 lg:pt-8 lg:text-left">
        <h2 id="charge" className="font-sans text-label tracking-normal text-muted">
          {t("owed")}
        </h2>
        <p className="mt-1">
          <MoneyDisplay currency={charge.currency} amount={BigInt(charge.currency === "BRL" ? charge.amountBrlCentavos : charge.amountUsdMicros)} />
        </p>
        <p className="mt-1 break-words text-muted">{[charge.currency === "BRL" ? inDollars : inReais, charge.note, charge.isTipAllowed && t("tipAllowed")].filter(Boolean).join(" · ")}</p>
        <ol className="mt-6 grid gap-4 text-left max-lg:hidden">
          <Step icon={Check} tone="bg-positive-soft text-positive" label={t("ready")} at={formatTime(new Date(charge.createdAt), locale, timeZone)} />
          <Step icon={state === "paying" ? LoaderCircle : isOver ? Clock : Smartphone} tone={state === "paying" ? "bg-caution-soft text-caution" : "bg-sunk text-muted"} label={<Progress state={state} isWalletAsked={isWalletAsked} isOver={isOver} />} />
        </ol>
        {charge.lines.length > 0 ? (
          <div className="mt-5 pb-3 text-left max-lg:hidden">
            <ChargeLines lines={charge.lines} />
          </div>
        ) : null}
      </section>
      <main id="content" className="grid place-items-center overflow-y-auto px-5 py-4 lg:col-start-1 lg:row-span-4 lg:row-start-1 lg:py-5">
        <div className="grid w-full justify-items-center text-center">
          {charge.customer ? (
            <div className="grid max-w-[420px] justify-items-center py-8">
              <span className="grid size-[84px] place-items-center rounded-tile bg-brand-soft text-brand-ink">
                <Icon of={Smartphone} size="large" />
              </span>
              <p className="mt-6 text-title font-[650]">{charge.customer.name ? t("forCustomer", { name: charge.customer.name }) : t("forCustomerHidden")}</p>
              <p className="mt-2 text-muted">{t("forCustomerText")}</p>
            </div>
          ) : (
            <div className="relative w-full max-w-[min(540px,calc(100dvh-520px))] lg:max-w-[min(540px,calc(100dvh-280px))] min-w-[min(100%,240px)] overflow-hidden rounded-[28px] shadow-3 md:rounded-[36px]">
              <div className={`[&_svg]:h-auto [&_svg]:w-full ${isOpen ? "" : "blur-[10px]"}`} dangerouslySetInnerHTML={{ __html: charge.qr }} data-testid="charge-qr" aria-hidden={!isOpen} />
              {isOpen ? null : (
                <div className="absolute inset-0 grid place-items-center p-6">
                  <span className="grid size-16 place-items-center rounded-[22px] bg-card text-muted shadow-2">
                    <Icon of={isOver ? Ban : LoaderCircle} size="large" />
                  </span>
                </div>
              )}
            </div>
          )}
          <p role="status" className="mt-5 flex items-center justify-center gap-2.5 text-heading font-semibold text-balance" data-testid="charge-progress">
            {isOpen ? <Icon of={Smartphone} /> : state === "paying" ? <Spinner /> : null}
            {isOpen ? t(charge.customer ? "waitingCustomer" : "scan") : <Progress state={state} isWalletAsked={isWalletAsked} isOver={isOver} />}
          </p>
          {isOpen ? (
            <p className="mt-1 text-muted tabular-nums">
              {t.rich("timeLeft", { time: clockOf(secondsLeft), b: (text) => <b className="font-semibold text-ink">{text}</b> })}
            </p>
          ) : null}
        </div>
      </main>
      <section aria-label={t("actions")} className="grid gap-2 px-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] lg:col-start-2 lg:row-span-2 lg:row-start-3 lg:content-end lg:border-l lg:border-line lg:bg-card lg:px-7 lg:pt-4">
        {(problem ?? failure) ? (
          <div role="alert">
            <Note tone="danger">{problem ?? failure}</Note>
          </div>
        ) : null}
        <PixSide key={charge.id} storeId={storeId} chargeId={charge.id} isPayable={isOpen && !charge.customer} />
        {isOver && !charge.customer ? (
          <Button size="till" isWide icon={<Icon of={QrIcon} />} busy={isMaking && t("making")} onClick={onAgain}>
            {t("again")}
          </Button>
        ) : isOpen && !charge.customer ? (
          <ShareLink link={charge.link} text={t("shareText", { amount: charge.currency === "BRL" ? inReais : inDollars })} label={t("share")} copied={t("copied")} kind="quiet" />
        ) : null}
        <div className={`grid gap-2 lg:grid-cols-1 ${isCancellable ? "grid-cols-2 max-lg:-order-1" : ""}`}>
          <Button kind="soft" isWide onClick={onNew}>
            {t("new")}
          </Button>
          {isCancellable ? (
            <button type="button" aria-busy={isCancelling} onClick={() => void (isCancelling ? null : cancel())} className="min-h-14 rounded-control text-button text-danger">
              {t(isCancelling ? "cancelling" : "cancel")}
            </button>
          ) : null}
        </div>
      </section>
    </>
  );
}

function Progress({ state, isWalletAsked, isOver }: { state: TillCharge["state"]; isWalletAsked: boolean; isOver: boolean }) {
  const t = useTranslations("sale.charge");
  if (state === "paid") return t("paid");
  if (state === "paying") return t(isWalletAsked ? "payingByWallet" : "paying");
  if (state === "cancelled") return t("cancelled");
  return t(isOver ? "expired" : "waiting");
}

const Step = ({ icon, tone, label, at }: { icon: LucideIcon; tone: string; label: ReactNode; at?: string }) => (
  <li className="flex items-center gap-3.5">
    <span className={`grid size-11 flex-none place-items-center rounded-full ${tone}`}>
      <Icon of={icon} />
    </span>
    <span className="min-w-0 flex-1 font-semibold">{label}</span>
    {at ? <span className="text-muted tabular-nums">{at}</span> : null}
  </li>
);

/** "9:07". */
const clockOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
