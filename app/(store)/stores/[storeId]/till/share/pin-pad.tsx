"use client";

import { Delete } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { FieldError } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { PIN_DIGITS_MAX } from "@/lib/team/rules";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const KEY = "grid min-h-16 touch-manipulation place-items-center rounded-[20px] bg-card font-display text-[1.75rem]/none font-semibold text-ink tabular-nums shadow-1 select-none active:bg-brand-soft md:min-h-[92px] md:text-[2.125rem]/none";

/** A real password field with keys of its own: no keyboard covers the till, hardware keys and screen readers find one field. */
export function PinPad({ label, name, pin, onPin, error }: { label: string; name: string; pin: string; onPin: (pin: string) => void; error?: string | undefined }) {
  const common = useTranslations("common");
  const id = useId();
  const add = (digit: string) => onPin((pin + digit).slice(0, PIN_DIGITS_MAX));
  return (
    <div className="grid justify-items-center gap-3">
      <label htmlFor={id} className="text-label">
        {label}
      </label>
      <input
        id={id}
        name={name}
        type="password"
        inputMode="none"
        // Brings the pad into view on a phone, where it stands below the names.
        autoFocus
        autoComplete="off"
        required
        maxLength={PIN_DIGITS_MAX}
        value={pin}
        onChange={(event) => onPin(event.target.value.replace(/\D/g, "").slice(0, PIN_DIGITS_MAX))}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        className="h-14 w-56 rounded-control bg-card text-center font-display text-[2rem]/none tracking-[.3em] text-ink shadow-[inset_0_0_0_1.5px_var(--color-field)] outline-none focus:shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)]"
      />
      <div className="min-h-6">
        <FieldError id={`${id}-error`} error={error} />
      </div>
      <div role="group" aria-label={common("keypadLabel")} className="grid w-full max-w-[400px] grid-cols-3 gap-2.5">
        {KEYS.map((key) => (
          <button key={key} type="button" className={KEY} onClick={() => add(key)}>
            {key}
          </button>
        ))}
        <span />
        <button type="button" className={KEY} onClick={() => add("0")}>
          0
        </button>
        <button type="button" aria-label={common("keypadDelete")} className={KEY} onClick={() => onPin(pin.slice(0, -1))}>
          <Icon of={Delete} size="large" />
        </button>
      </div>
    </div>
  );
}
