"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, type ReactNode } from "react";
import { ConfirmationPlate, PaidMoment } from "@/components/paid-moment";
import { TickingClock } from "@/components/ticking-clock";
import { buttonStyle } from "@/components/ui/button-style";

type Props = { seed: string; timeZone: string; /** What a reader says at once. */ spoken: string; code: string; action: string; onAction: () => void; children: ReactNode };

/** The whole screen green, until somebody goes on. Nothing else turns a till green. */
export function PaidCover({ seed, timeZone, spoken, code, action, onAction, children }: Props) {
  const t = useTranslations("till");
  const screen = useRef<HTMLDivElement>(null);
  // The keyboard follows what is on the screen; Tab then leads to the one button.
  useEffect(() => screen.current?.focus(), []);
  return (
    <div ref={screen} tabIndex={-1} role="alert" aria-label={spoken} data-testid="till-paid" className="fixed inset-0 z-60 animate-tide bg-paid outline-none">
      <PaidMoment
        seed={seed}
        title={t("paid")}
        variant="till"
        footer={
          <div className="grid gap-3 md:grid-cols-[minmax(0,1fr)_292px] md:gap-4">
            <ConfirmationPlate label={t("confirmationCode")} code={code} trailing={<TickingClock timeZone={timeZone} />} />
            <button type="button" onClick={onAction} className={`${buttonStyle({ kind: "primary", size: "till", isWide: true })} bg-glaze! text-on-paid! focus-visible:outline-on-paid!`}>
              {action}
            </button>
          </div>
        }
      >
        {children}
      </PaidMoment>
    </div>
  );
}
