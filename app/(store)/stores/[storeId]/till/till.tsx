"use client";

import { ShieldCheck, Smartphone } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useReducer, useState, type ReactNode } from "react";
import { connectLive } from "@/components/live-connection";
import { LiveDot } from "@/components/live-dot";
import { MoneyDisplay } from "@/components/money";
import { playPaidSound } from "@/components/paid-sound";
import { Tile } from "@/components/tile";
import { tileWord } from "@/components/tile-art";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Avatar, RowList } from "@/components/ui/row";
import type { ClosedReason, StoreEvent, StorePayment } from "@/lib/live/rules";
import { dayKey, formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { NetOfToday } from "../../../net-of-today";
import { PaymentRow } from "../../../payment-row";
import { readTillAction } from "./actions";
import { CheckCodeDialog } from "./check-code-dialog";
import { PaidView } from "./paid-view";
import { SoundCard, SoundButton } from "./sound-controls";
import { firstTillState, greenPayment, nextTillState, totalOf } from "./till-state";
import type { TillView } from "./till-view";
import { useSound } from "./use-sound";
import { useWakeLock } from "./use-wake-lock";

export type TillStore = { id: string; name: string; seed: string; shortCode: string; host: string; timeZone: string };
type Props = { store: TillStore; person: { name: string; seesAll: boolean }; firstView: TillView; qr: ReactNode };

/** How long the line may be away before the screen says what that means. */
const OFFLINE_NOTE_MS = 3_000;
const DAY_CHECK_MS = 30_000;
const REREAD_MS = 3_000;

/** The till: everything that happens after the first paint comes through the live stream; the server's list, read again, only catches up. */
export function Till({ store, person, firstView, qr }: Props) {
  const t = useTranslations("till");
  const [view, setView] = useState(firstView);
  const [state, dispatch] = useReducer(nextTillState, firstView.payments, firstTillState);
  const [isLive, setLive] = useState<boolean | null>(null);
  const [isOffline, setOffline] = useState(false);
  const [closed, setClosed] = useState<ClosedReason | null>(null);
  const [isChecking, setChecking] = useState(false);
  const sound = useSound();
  useWakeLock();

  const chime = useEffectEvent(() => {
    navigator.vibrate?.(40);
    if (sound.state === "on") void playPaidSound();
  });
  useEffect(() => {
    if (state.chimes === 0) return;
    chime();
    // The green screen comes over everything: never two layers.
    setChecking(false);
  }, [state.chimes]);

  // Whatever fails on the way, the till stays as it is and asks again.
  const [wantsReading, setWantsReading] = useState(0);
  useEffect(() => {
    if (wantsReading === 0) return;
    let isLate = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      const form = new FormData();
      form.set("storeId", store.id);
      const answer = await readTillAction(null, form).catch(() => null);
      if (isLate) return;
      if (!answer?.ok) {
        retry = setTimeout(() => void read(), REREAD_MS);
        return;
      }
      setView(answer.value);
      dispatch({ type: "snapshot", payments: answer.value.payments, lastEventId: answer.value.lastEventId });
    };
    void read();
    return () => {
      isLate = true;
      clearTimeout(retry);
    };
  }, [wantsReading, store.id]);
  const readAgain = () => setWantsReading((times) => times + 1);

  const firstEventId = firstView.lastEventId;
  // Payments come by themselves; other news matter to the till only until the store can be paid.
  const onChange = useEffectEvent(() => {
    if (view.isPreparing || state.payments.some(({ outside, refund }) => outside?.refund === "requested" || refund?.isOnItsWay)) readAgain();
  });
  useEffect(() => {
    let wasLost = false;
    const connection = connectLive(
      paths.liveStore(store.id),
      {
        onMessage: ({ event, data }) => {
          if (event === "payment") dispatch({ type: "event", event: data as StoreEvent });
          if (event === "closed") setClosed((data as { reason: ClosedReason }).reason);
          if (event === "change") onChange();
        },
        onLive: (now) => {
          setLive(now);
          // The stream brings what was missed; the list itself may have turned a day meanwhile.
          if (now && wasLost) setWantsReading((times) => times + 1);
          wasLost = !now;
        },
      },
      firstEventId,
    );
    return () => connection.close();
  }, [store.id, firstEventId]);

  useEffect(() => {
    const timer = setTimeout(() => setOffline(!isLive), isLive ? 0 : OFFLINE_NOTE_MS);
    return () => clearTimeout(timer);
  }, [isLive]);

  useEffect(() => {
    let day = dayKey(new Date(), store.timeZone);
    const timer = setInterval(() => {
      const now = dayKey(new Date(), store.timeZone);
      if (now !== day) setWantsReading((times) => times + 1);
      day = now;
    }, DAY_CHECK_MS);
    return () => clearInterval(timer);
  }, [store.timeZone]);

  const green = greenPayment(state);
  return (
    <>
      <div inert={green !== undefined} className="min-h-dvh bg-surface lg:grid lg:h-dvh lg:grid-rows-[auto_minmax(0,1fr)]">
        <header className="sticky top-0 z-10 flex min-h-16 items-center gap-3 border-b border-line bg-card px-4 py-2 md:min-h-[72px] md:px-7">
          <Link href={paths.store(store.id)} className="flex min-h-11 min-w-0 items-center gap-3 text-ink no-underline">
            <Tile seed={store.seed} size={44} />
            <span className="min-w-0">
              <b className="block truncate font-semibold leading-5">{store.name}</b>
              <h1 className="font-sans text-small font-[450] tracking-normal text-muted">{t("title")}</h1>
            </span>
          </Link>
          {isLive === null && !isOffline ? null : <LiveDot isLive={isLive === true} />}
          <span className="flex-1" />
          <span className="hidden sm:contents">
            <CheckCodeDialog storeId={store.id} timeZone={store.timeZone} isOpen={isChecking} onOpenChange={setChecking} />
          </span>
          <SoundButton sound={sound} />
          <Link href={paths.home()} className="hidden min-h-11 items-center gap-2.5 rounded-[13px] bg-sunk py-1.5 pr-3.5 pl-2 font-semibold text-ink no-underline lg:flex">
            <Avatar name={person.name} size={30} />
            {person.name.split(" ")[0]}
          </Link>
        </header>
        <div className="lg:grid lg:min-h-0 lg:grid-cols-[minmax(0,1fr)_420px] lg:grid-rows-[auto_minmax(0,1fr)]">
          <div className="grid content-start gap-3 px-5 pt-5 lg:col-start-2 lg:row-start-1 lg:border-l lg:border-line lg:bg-card lg:px-7 lg:pt-6">
            {closed ? (
              <Note tone="danger" isLive trailing={<LinkButton size="medium" kind="soft" href={closed === "signed_out" ? paths.login(paths.till(store.id)) : paths.stores()}>{t(closed === "signed_out" ? "reload" : "backToStores")}</LinkButton>}>
                {t(closed === "signed_out" ? "closedSignedOut" : "closedRemoved")}
              </Note>
            ) : isOffline ? (
              <Note tone="caution" isLive>
                {t("offline")}
              </Note>
            ) : null}
            {state.takenBack.map((id) => (
              <TakenBack key={id} payment={state.payments.find((payment) => payment.id === id)} />
            ))}
            {view.isPreparing ? <Note tone="info">{t("preparing")}</Note> : null}
            <SoundCard sound={sound} />
          </div>
          <main id="content" className="grid place-items-center overflow-y-auto px-5 py-6 lg:col-start-1 lg:row-span-2 lg:row-start-1 lg:py-5">
            <div className="grid w-full justify-items-center text-center">
              <div className="w-full max-w-[min(540px,calc(100dvh-240px))] min-w-[min(100%,240px)] overflow-hidden rounded-[28px] shadow-3 md:rounded-[36px] [&_svg]:h-auto [&_svg]:w-full">{qr}</div>
              <p className="mt-6 flex items-center gap-2 text-heading font-semibold">
                <Icon of={Smartphone} />
                {t("scan")}
              </p>
              <p className="mt-1 text-muted">{t.rich("orType", { code: store.shortCode, host: store.host, b: (text) => <b className="font-display text-heading font-[650] tracking-[.08em] text-ink">{text}</b> })}</p>
              <p className="mt-1 text-small text-muted">{t.rich("word", { word: tileWord(store.seed), b: (text) => <b className="font-semibold text-ink">{text}</b> })}</p>
            </div>
          </main>
          <aside className="flex min-h-0 flex-col gap-4 border-line bg-card px-5 py-6 lg:col-start-2 lg:row-start-2 lg:border-l lg:px-7 lg:pt-4">
            <Sales payments={state.payments} view={view} store={store} />
            {person.seesAll ? null : <p className="text-center text-small text-muted">{t("onlyToday")}</p>}
            <div className="sticky bottom-0 -mx-5 mt-auto border-t border-line bg-card px-5 pt-3 pb-[max(1rem,env(safe-area-inset-bottom))] sm:hidden">
              <button type="button" onClick={() => setChecking(true)} className={buttonStyle({ kind: "soft", isWide: true })}>
                <Icon of={ShieldCheck} />
                {t("check.title")}
              </button>
            </div>
          </aside>
        </div>
      </div>
      {green ? <PaidView key={green.id} payment={green} store={store} waitingCount={state.green.length - 1} onNext={() => dispatch({ type: "next" })} /> : null}
    </>
  );
}

function TakenBack({ payment }: { payment: StorePayment | undefined }) {
  const t = useTranslations("till");
  const locale = useLocale();
  if (!payment) return null;
  const amount = payment.amountBrlCentavos === null ? formatUsd(BigInt(payment.amountUsdMicros), locale) : formatBrl(BigInt(payment.amountBrlCentavos), locale);
  return (
    <Note tone="caution" isLive>
      {payment.code ? t("takenBack", { amount, code: payment.code }) : t("takenBackOutside", { amount })}
    </Note>
  );
}

/** Today's total and list. The sum is the server's for what it had counted, and the list's own while that is the whole day. */
function Sales({ payments, view, store }: { payments: readonly StorePayment[]; view: TillView; store: TillStore }) {
  const t = useTranslations("till");
  const listed = totalOf(view.payments);
  const now = totalOf(payments);
  const count = view.count + now.count - listed.count;
  const sumBrlCentavos = BigInt(view.sumBrlCentavos) + now.sumBrlCentavos - listed.sumBrlCentavos;
  return (
    <section aria-labelledby="sales" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-baseline justify-between gap-3">
        <h2 id="sales">{t("salesToday")}</h2>
        <span className="text-muted">{t("sales", { count })}</span>
      </div>
      <MoneyDisplay currency="BRL" amount={sumBrlCentavos} size="l" className="mt-1" />
      <NetOfToday sumBrlCentavos={sumBrlCentavos} refundedBrlCentavos={BigInt(view.refundedBrlCentavos)} />
      {payments.length === 0 ? (
        <p className="mt-4 text-muted">{t("noSales")}</p>
      ) : (
        <div tabIndex={0} role="group" aria-labelledby="sales" className="-mx-4 mt-2 min-h-0 flex-1 overflow-y-auto">
          <RowList isFlat>
            {payments.map((payment) => (
              <PaymentRow key={payment.id} payment={payment} timeZone={store.timeZone} storeId={store.id} />
            ))}
          </RowList>
        </div>
      )}
    </section>
  );
}
