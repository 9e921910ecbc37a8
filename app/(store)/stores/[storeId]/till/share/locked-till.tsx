"use client";

import { LoaderCircle, Smartphone } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { MoneyDisplay } from "@/components/money";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { Locale } from "@/lib/i18n/locale";
import { formatCents, usdCentsFromMicros } from "@/lib/money-format";
import type { SharedTill } from "@/lib/team/till-queries";
import type { LockedCharge } from "../locked/locked-charge";
import { PaidCover } from "../paid-cover";
import { SoundStrip } from "../sound-controls";
import { useSound } from "../use-sound";
import { useWakeLock } from "../use-wake-lock";
import { useLockedCharges } from "./use-locked-charges";
import { WhoSells } from "./who-sells";

type Props = { store: { id: string; seed: string; timeZone: string }; till: SharedTill; firstCharges: readonly LockedCharge[]; /** The code that a customer may still scan. */ qr: { chargeId: string; svg: string } | null };

/**
 * A locked shared till. A charge that was made before still waits on it: the customer's code stays, and when it is paid the screen turns green
 * with the sound, for that charge alone and without who paid. Whatever comes next needs a PIN.
 */
export function LockedTill({ store, till, firstCharges, qr }: Props) {
  const t = useTranslations("sharedtill.waiting");
  const paid = useTranslations("till");
  const locale = useLocale();
  const sound = useSound();
  useWakeLock();
  const { charges, standing, isWatching, isOffline, acknowledge } = useLockedCharges(store.id, firstCharges, sound);
  const waiting = charges.filter(({ state, secondsLeft }) => state === "paying" || (state === "waiting" && secondsLeft > 0));
  const shown = waiting.find(({ id }) => id === qr?.chargeId) ?? waiting[0];
  const green = standing[0];
  return (
    <>
      <div inert={green !== undefined}>
        <WhoSells storeId={store.id} seed={store.seed} till={till}>
          {isWatching ? (
            <div className="grid w-full max-w-[400px] gap-3 empty:hidden">
              {isOffline ? (
                <Note tone="caution" isLive>
                  {paid("offline")}
                </Note>
              ) : null}
              <SoundStrip sound={sound} />
              {shown ? <Waiting charge={shown} svg={shown.id === qr?.chargeId ? qr.svg : null} others={waiting.length - 1} /> : null}
            </div>
          ) : null}
        </WhoSells>
      </div>
      {green ? (
        <PaidCover
          key={green.id}
          seed={store.seed}
          timeZone={store.timeZone}
          spoken={t("paidSpoken", { amount: spokenAmount(green, locale), code: green.code ?? "" })}
          code={green.code ?? ""}
          action={t("goOn")}
          onAction={() => acknowledge(green.id)}
        >
          <MoneyDisplay currency={green.currency} amount={BigInt(green.amount)} size="paid" className="mt-2" />
          {standing.length > 1 ? <p className="mt-2 inline-block rounded-[14px] bg-on-paid/12 px-3.5 py-1.5 text-button">{paid("queued", { count: standing.length - 1 })}</p> : null}
        </PaidCover>
      ) : null}
    </>
  );
}

function Waiting({ charge, svg, others }: { charge: LockedCharge; svg: string | null; others: number }) {
  const t = useTranslations("sharedtill.waiting");
  const isPaying = charge.state === "paying";
  return (
    <section aria-labelledby="waiting" data-testid="locked-charge" className="grid justify-items-center rounded-card border border-line bg-card p-5 text-center">
      <h2 id="waiting" className="font-sans text-label tracking-normal text-muted">
        {t("title")}
      </h2>
      <MoneyDisplay currency={charge.currency} amount={BigInt(charge.amount)} className="mt-1" />
      {svg && !isPaying ? <div className="mt-4 w-full max-w-[260px] overflow-hidden rounded-[28px] [&_svg]:h-auto [&_svg]:w-full" dangerouslySetInnerHTML={{ __html: svg }} data-testid="locked-qr" /> : null}
      <p role="status" className="mt-4 flex items-center justify-center gap-2.5 font-semibold text-balance">
        <Icon of={isPaying ? LoaderCircle : Smartphone} />
        {t(isPaying ? "paying" : charge.isForCustomer ? "customer" : svg ? "scan" : "open")}
      </p>
      <p className="mt-1 text-small text-muted">{t("rule")}</p>
      {others > 0 ? <p className="mt-1 text-small text-muted">{t("others", { count: others })}</p> : null}
    </section>
  );
}

const spokenAmount = ({ currency, amount }: LockedCharge, locale: Locale): string => formatCents(currency === "USD" ? usdCentsFromMicros(BigInt(amount)) : BigInt(amount), currency, locale);
