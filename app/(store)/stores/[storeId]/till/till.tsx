"use client";

import { MonitorSmartphone, Pause, QrCode as QrIcon, ScanLine, ShieldCheck } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useEffect, useEffectEvent, useState, type ReactNode } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import type { Currency } from "@/lib/money";
import { formatCents } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { ChargeScreen } from "./charge-screen";
import { CheckCodeDialog } from "./check-code-dialog";
import { CustomerDialog } from "./customer-dialog";
import { OpenCharges } from "./open-charges";
import { PaidView } from "./paid-view";
import { emptySale, isEmptySale, park, saleOf, totalCents, unpark, withPrices, type Sale } from "./sale";
import { HeldDialog, ItemsDialog, NoteDialog } from "./sale-dialogs";
import { SalePad } from "./sale-pad";
import { SalesList, TakenBack } from "./sales-list";
import { SoundCard, SoundStrip } from "./sound-controls";
import { StoreCode } from "./store-code";
import type { TillCharge } from "./till-charge";
import { TillHeader } from "./till-header";
import { TillPicker, type Tills } from "./till-picker";
import { noteGreen } from "./till-greens";
import { greenPayment } from "./till-state";
import type { TillView } from "./till-view";
import { useCharging } from "./use-charging";
import { useKeptSales } from "./use-kept-sales";
import { useLiveTill } from "./use-live-till";
import { useSound } from "./use-sound";
import { useWakeLock } from "./use-wake-lock";

export type TillStore = { id: string; name: string; seed: string; shortCode: string; host: string; timeZone: string; appOrigin: string; /** What an empty sale counts in. */ currency: Currency };
type Props = {
  store: TillStore;
  person: { name: string; seesAll: boolean; canManageTills: boolean };
  firstView: TillView;
  firstTills: Tills;
  /** A charge that the address names: a reload comes back to it. */
  firstCharge: TillCharge | null;
  /** The same, when it was paid a moment ago: it turns green if nobody has seen that. */
  firstPaid: string | null;
  /** Charges of this person that can still be paid. */
  firstOpen: readonly TillCharge[];
  brlPerUsdMicros: bigint | null;
  qr: ReactNode;
};
type Screen = { kind: "sale" } | { kind: "charge"; charge: TillCharge } | { kind: "code" };
type DialogName = "check" | "note" | "items" | "held" | "customer" | "tills";

/** The till: an amount, its code, green. Nothing but a payment of this store turns it green. */
export function Till({ store, person, firstView, firstTills, firstCharge, firstPaid, firstOpen, brlPerUsdMicros, qr }: Props) {
  const t = useTranslations("till");
  const sell = useTranslations("sale");
  const locale = useLocale();
  const errorText = useErrorText();
  const sound = useSound();
  useWakeLock();
  const [screen, setScreen] = useState<Screen>(firstCharge ? { kind: "charge", charge: firstCharge } : { kind: "sale" });
  const [sale, setSale] = useState<Sale>(emptySale("first", store.currency));
  const [open, setOpen] = useState(firstOpen);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const [tills, setTills] = useState(firstTills);
  const [kept, changeKept] = useKeptSales(store.id);
  const charging = useCharging(store.id);
  // The green screen comes over everything: never two layers.
  const live = useLiveTill({ store, firstView, firstPaid, sound, onChime: () => setDialog(null) });
  const { view, state } = live;
  const green = greenPayment(state);

  const opens = (name: DialogName) => ({ isOpen: dialog === name, onOpenChange: (isOpen: boolean) => setDialog(isOpen ? name : null) });
  const show = (next: Screen) => {
    setScreen(next);
    const address = next.kind === "charge" ? `${paths.till(store.id)}?charge=${next.charge.id}` : paths.till(store.id);
    window.history.replaceState(null, "", address);
  };
  const newSale = () => {
    setSale(emptySale(crypto.randomUUID(), store.currency));
    show({ kind: "sale" });
  };

  const dropOpen = useCallback((chargeId: string | null) => setOpen((now) => now.filter(({ id }) => id !== chargeId)), []);

  // The charge on the screen is paid: the keypad is ready for the next. Any other payment leaves what is being done alone.
  const onGreen = useEffectEvent((chargeId: string | null) => {
    dropOpen(chargeId);
    if (screen.kind === "charge" && screen.charge.id === chargeId) show({ kind: "sale" });
  });
  useEffect(() => {
    if (green) onGreen(green.chargeId);
  }, [green]);

  // A till that locks itself keeps its green screen, and shows none twice.
  const onStanding = useEffectEvent(() => {
    for (const { id, chargeId } of state.payments) if (chargeId && state.green.includes(id)) noteGreen(chargeId, "standing");
  });
  useEffect(() => onStanding(), [state.green]);
  const goOn = () => {
    if (green?.chargeId) noteGreen(green.chargeId, "seen");
    live.next();
  };

  const charge = async (what: Sale, { isTipAllowed, customerCode = null }: { isTipAllowed: boolean; customerCode?: string | null }) => {
    const made = await charging.make(what, { isTipAllowed, customerCode });
    // Prices may have moved: the catalogue is read again.
    if (!made) return live.readAgain();
    setDialog(null);
    setOpen((now) => [made, ...now]);
    // Cleared with its charge; cancelling brings it back.
    if (what.id === sale.id) setSale(emptySale(crypto.randomUUID(), store.currency));
    show({ kind: "charge", charge: made });
  };
  const takeBack = (cancelled: TillCharge) => {
    dropOpen(cancelled.id);
    if (isEmptySale(sale)) setSale(withPrices(saleOf(cancelled, crypto.randomUUID()), view.items));
    show({ kind: "sale" });
  };
  const chargeAgain = (ended: TillCharge) => {
    dropOpen(ended.id);
    void charge(withPrices(saleOf(ended, ended.id), view.items), { isTipAllowed: ended.isTipAllowed });
  };
  // Every page begins with the same first id (the server draws it too), so a sale that leaves the pad or comes back to it gets one of its own.
  const ownId = (of: Sale): Sale => ({ ...of, id: crypto.randomUUID() });
  const hold = () => {
    changeKept((now) => park(now, ownId(sale)));
    newSale();
  };
  const resume = (held: Sale) => {
    changeKept((now) => (isEmptySale(sale) ? unpark(now, held.id) : park(unpark(now, held.id), ownId(sale))));
    setSale(ownId(withPrices(held, view.items)));
    setDialog(null);
    show({ kind: "sale" });
  };

  const amount = formatCents(totalCents(sale), sale.currency, locale);
  const isEmpty = totalCents(sale) === 0n;
  const failure = charging.failure ? errorText(charging.failure.code, charging.failure.details) : null;
  const isShared = tills.sharedName !== undefined;
  const tillName = tills.sharedName ?? (isShared ? null : (tills.tills.find(({ id }) => id === tills.chosenId)?.name ?? null));

  return (
    <>
      <div inert={green !== undefined} className="min-h-dvh bg-surface lg:grid lg:h-dvh lg:grid-rows-[auto_minmax(0,1fr)]">
        <TillHeader store={store} tillName={tillName} personName={person.name} isLive={live.isLive} isOffline={live.isOffline} sound={sound}>
          <CheckCodeDialog storeId={store.id} timeZone={store.timeZone} {...opens("check")} />
        </TillHeader>
        <div className="flex flex-col lg:grid lg:min-h-0 lg:grid-cols-[minmax(0,1fr)_400px] lg:grid-rows-[auto_minmax(0,1fr)_auto_auto]">
          <section aria-label={sell("notes")} className="grid content-start gap-3 px-5 pt-3 empty:hidden lg:col-start-2 lg:row-start-1 lg:border-l lg:border-line lg:bg-card lg:px-7 lg:pt-5">
            {live.closed ? (
              <Note tone="danger" isLive trailing={<LinkButton size="medium" kind="soft" href={live.closed === "signed_out" ? paths.login(paths.till(store.id)) : paths.stores()}>{t(live.closed === "signed_out" ? "reload" : "backToStores")}</LinkButton>}>
                {t(live.closed === "signed_out" ? "closedSignedOut" : "closedRemoved")}
              </Note>
            ) : live.isOffline ? (
              <Note tone="caution" isLive>
                {t("offline")}
              </Note>
            ) : null}
            {state.takenBack.map((id) => (
              <TakenBack key={id} payment={state.payments.find((payment) => payment.id === id)} />
            ))}
            {view.isPreparing ? <Note tone="info">{t("preparing")}</Note> : null}
            <SoundStrip sound={sound} />
          </section>
          {screen.kind === "charge" ? (
            <ChargeScreen
              key={screen.charge.id}
              storeId={store.id}
              charge={screen.charge}
              timeZone={store.timeZone}
              nudge={state.events.length}
              onNew={() => show({ kind: "sale" })}
              onCancelled={() => takeBack(screen.charge)}
              onAgain={() => chargeAgain(screen.charge)}
              isMaking={charging.isMaking}
              failure={failure}
            />
          ) : (
            <>
              {screen.kind === "code" ? (
                <StoreCode store={store} qr={qr} onBack={() => show({ kind: "sale" })} />
              ) : (
                <main id="content" className="flex flex-col px-5 pt-2 lg:col-start-1 lg:row-span-4 lg:row-start-1 lg:min-h-0 lg:overflow-y-auto lg:px-12 lg:py-6">
                  <SalePad
                    sale={sale}
                    onSale={setSale}
                    items={view.items}
                    isTipAllowed={kept.isTipAllowed}
                    onTip={(isTipAllowed) => changeKept((now) => ({ ...now, isTipAllowed }))}
                    onNote={() => setDialog("note")}
                    onItems={() => setDialog("items")}
                    brlPerUsdMicros={brlPerUsdMicros}
                  />
                </main>
              )}
              <section aria-label={sell("pad.actions")} className="sticky bottom-0 z-[5] grid grid-cols-[auto_minmax(0,1fr)] gap-2 bg-surface px-5 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] lg:static lg:col-start-2 lg:row-start-4 lg:grid-cols-1 lg:border-l lg:border-line lg:bg-card lg:px-7 lg:pb-6">
                {failure ? (
                  <div role="alert" className="col-span-full">
                    <Note tone="danger">{failure}</Note>
                  </div>
                ) : null}
                <button type="button" aria-disabled={isEmptySale(sale) || undefined} onClick={() => (isEmptySale(sale) ? undefined : hold())} className={buttonStyle({ kind: "outline", size: "till", isStopped: isEmptySale(sale) })}>
                  <Icon of={Pause} />
                  <span className="max-lg:sr-only">{sell("held.hold")}</span>
                </button>
                <Button size="till" isWide stopped={isEmpty && sell("pad.typeAmount")} busy={charging.isMaking && sell("pad.charging")} onClick={() => void charge(sale, { isTipAllowed: kept.isTipAllowed })}>
                  {sell("pad.charge", { amount })}
                </Button>
              </section>
              <section aria-label={sell("pad.others")} className="grid gap-1 px-5 pt-1 lg:col-start-2 lg:row-start-3 lg:border-l lg:border-line lg:bg-card lg:px-7">
                <div className="grid grid-cols-2 gap-2">
                  <Button kind="soft" size="medium" isWide icon={<Icon of={ScanLine} />} stopped={isEmpty && sell("customer.open")} onClick={() => setDialog("customer")}>
                    {sell("customer.open")}
                  </Button>
                  <Button kind="soft" size="medium" isWide icon={<Icon of={QrIcon} />} aria-pressed={screen.kind === "code"} onClick={() => show({ kind: screen.kind === "code" ? "sale" : "code" })}>
                    {sell("pad.storeCode")}
                  </Button>
                  {isShared ? null : (
                    <Button kind="quiet" size="medium" isWide icon={<Icon of={MonitorSmartphone} />} onClick={() => setDialog("tills")}>
                      {tillName ?? sell("tills.choose")}
                    </Button>
                  )}
                  {kept.held.length > 0 ? (
                    <Button kind="quiet" size="medium" isWide icon={<Icon of={Pause} />} onClick={() => setDialog("held")}>
                      {sell("held.open", { count: kept.held.length })}
                    </Button>
                  ) : null}
                </div>
              </section>
              <aside className="flex min-h-0 flex-col gap-4 border-line bg-card px-5 py-6 max-lg:mt-4 lg:col-start-2 lg:row-start-2 lg:overflow-y-auto lg:border-l lg:px-7 lg:pt-4 lg:pb-2">
                <SoundCard sound={sound} />
                <OpenCharges charges={open} timeZone={store.timeZone} onOpen={(one) => show({ kind: "charge", charge: one })} onGone={dropOpen} />
                <SalesList payments={state.payments} view={view} store={store} seesAll={person.seesAll} />
                <div className="pb-[env(safe-area-inset-bottom)] sm:hidden">
                  <Button kind="soft" isWide icon={<Icon of={ShieldCheck} />} onClick={() => setDialog("check")}>
                    {t("check.title")}
                  </Button>
                </div>
              </aside>
            </>
          )}
        </div>
      </div>
      <NoteDialog
        note={sale.note}
        onNote={(note) => {
          setSale((now) => ({ ...now, note }));
          setDialog(null);
        }}
        {...opens("note")}
      />
      <ItemsDialog sale={sale} items={view.items} onSale={setSale} {...opens("items")} />
      <HeldDialog held={kept.held} onResume={resume} onForget={({ id }) => changeKept((now) => unpark(now, id))} {...opens("held")} />
      <CustomerDialog label={sell("pad.charge", { amount })} appOrigin={store.appOrigin} busy={charging.isMaking && sell("pad.charging")} error={failure} onCode={(customerCode) => void charge(sale, { isTipAllowed: kept.isTipAllowed, customerCode })} {...opens("customer")} />
      <TillPicker storeId={store.id} tills={tills} canManage={person.canManageTills} onTills={setTills} {...opens("tills")} />
      {green ? <PaidView key={green.id} payment={green} store={store} waitingCount={state.green.length - 1} onNext={goOn} /> : null}
    </>
  );
}
