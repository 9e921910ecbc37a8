"use client";

import clsx from "clsx";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { FieldFrame } from "./field";

const LENGTH = 6;
const POSITIONS = Array.from({ length: LENGTH }, (_, index) => index);

/**
 * One real input drawn as six boxes: autofill, paste and screen readers see a single field. Before hydration its own text
 * shows over the boxes. `onComplete` runs at the sixth digit; `error` shakes the boxes and empties them when it changes.
 */
export function OtpField({
  label,
  name,
  error,
  hint,
  isAutoFocus = true,
  onComplete,
}: {
  label: ReactNode;
  name: string;
  error?: ReactNode;
  hint?: ReactNode;
  isAutoFocus?: boolean;
  onComplete?: (code: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState("");
  const [isReady, setReady] = useState(false);
  const [isFocused, setFocused] = useState(false);

  useEffect(() => {
    setReady(true);
    setCode(digitsOf(input.current?.value ?? ""));
  }, []);
  useEffect(() => {
    if (!error) return;
    setCode("");
    input.current?.focus();
  }, [error]);

  const change = (text: string) => {
    const digits = digitsOf(text);
    setCode(digits);
    if (digits.length === LENGTH && digits !== code) onComplete?.(digits);
  };

  return (
    <FieldFrame label={label} error={error} hint={hint}>
      {(control) => (
        <div className={clsx("@container relative overflow-clip", error && "animate-shake")}>
          <div aria-hidden="true" className="grid grid-cols-6 gap-2">
            {POSITIONS.map((index) => (
              <span
                key={index}
                className={clsx(
                  "grid h-16 place-items-center rounded-control bg-card font-display text-money-m font-[650] tabular-nums",
                  error
                    ? "shadow-[inset_0_0_0_2.5px_var(--color-danger)]"
                    : isFocused && index === Math.min(code.length, LENGTH - 1)
                      ? "shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)]"
                      : "shadow-[inset_0_0_0_1.5px_var(--color-field)]",
                )}
              >
                {isReady ? code[index] : ""}
              </span>
            ))}
          </div>
          <input
            {...control}
            ref={input}
            name={name}
            value={code}
            onChange={(event) => change(event.target.value)}
            onFocus={() => setFocused(true)}
            onBlur={() => setFocused(false)}
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            maxLength={LENGTH + 1}
            required
            autoFocus={isAutoFocus}
            className={clsx(
              "otp-text absolute inset-y-0 left-0 bg-transparent font-display font-[650] outline-none",
              isReady ? "text-transparent caret-transparent selection:bg-transparent" : "text-ink",
            )}
          />
        </div>
      )}
    </FieldFrame>
  );
}

const digitsOf = (text: string): string => text.replace(/\D/g, "").slice(0, LENGTH);
