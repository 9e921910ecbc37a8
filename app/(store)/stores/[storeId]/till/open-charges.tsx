"use client";

import { QrCode as QrIcon } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Icon } from "@/components/ui/icon";
import { formatCents, formatTime } from "@/lib/money-format";
import type { TillCharge } from "./till-charge";

const LOOK_MS = 5_000;
const endOf = ({ expiresAt }: TillCharge): number => Date.parse(expiresAt);

/** Charges that were left behind for the next sale and can still be paid. */
export function OpenCharges({ charges, timeZone, onOpen, onGone }: { charges: readonly TillCharge[]; timeZone: string; onOpen: (charge: TillCharge) => void; onGone: (chargeId: string) => void }) {
  const t = useTranslations("sale.charge");
  const locale = useLocale();
  const [now, setNow] = useState<number>();
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (now === undefined) return;
    for (const charge of charges) if (endOf(charge) <= now) onGone(charge.id);
  }, [charges, now, onGone]);
  if (charges.length === 0) return null;
  return (
    <section aria-labelledby="open-charges">
      <h2 id="open-charges" className="font-sans text-label tracking-normal text-muted">
        {t("openTitle")}
      </h2>
      <ul className="mt-2 grid gap-2">
        {charges.map((charge) => (
          <li key={charge.id}>
            <button type="button" onClick={() => onOpen({ ...charge, secondsLeft: Math.max(0, Math.ceil((endOf(charge) - Date.now()) / 1000)) })} className="flex min-h-14 w-full items-center gap-3 rounded-control bg-sunk px-4 py-2 text-left">
              <Icon of={QrIcon} />
              <span className="min-w-0 flex-1">
                <b className="block font-semibold tabular-nums">{formatCents(charge.currency === "BRL" ? BigInt(charge.amountBrlCentavos) : BigInt(charge.amountUsdMicros) / 10_000n, charge.currency, locale)}</b>
                <span className="block truncate text-small text-muted">{[charge.note, t("goodUntil", { time: formatTime(new Date(endOf(charge)), locale, timeZone) })].filter(Boolean).join(" · ")}</span>
              </span>
              <span className="flex-none font-semibold text-brand-ink">{t("show")}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
