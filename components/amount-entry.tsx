"use client";

import clsx from "clsx";
import { useLocale } from "next-intl";
import { useCallback, useEffect, useId, useRef, useState, type ReactNode } from "react";
import type { ErrorCode } from "@/lib/errors";
import type { Currency } from "@/lib/money";
import { moneyParts } from "@/lib/money-format";
import { useErrorText } from "./error-text";
import { Keypad, type KeypadKey } from "./keypad";
import { pressKey, readEdited, readPasted, type TypedAmount } from "./typed-amount";
import { FieldError } from "./ui/field";

/**
 * The amount of a payment or a charge, typed from the right. A real labelled input with a `name`: before hydration people type "38,50"
 * and the form works; after it the keypad, hardware keys and paste all move the same cents. The posted text is what is shown
 * ("38,50"); the server reads it with `centsFromTyped`.
 *
 * `children` stand between amount and keypad (the dollars, tips). `error` is the server's sentence. `onCents` hears every change.
 */
export function AmountEntry({
  name,
  label,
  currency,
  initialCents = 0n,
  size = "phone",
  hasKeypad = true,
  isAutoFocus = false,
  error,
  onCents,
  children,
}: {
  name: string;
  label: ReactNode;
  currency: Currency;
  initialCents?: bigint;
  size?: "phone" | "till";
  hasKeypad?: boolean;
  isAutoFocus?: boolean;
  error?: ReactNode;
  onCents?: (cents: bigint) => void;
  children?: ReactNode;
}) {
  const id = useId();
  const locale = useLocale();
  const errorText = useErrorText();
  const input = useRef<HTMLInputElement>(null);
  const [cents, setCents] = useState(initialCents);
  const [isReady, setReady] = useState(false);
  const [problem, setProblem] = useState<ErrorCode>();

  const report = useRef(onCents);
  useEffect(() => {
    report.current = onCents;
  }, [onCents]);

  const accept = useCallback((typed: TypedAmount) => {
    setProblem(typed.ok ? undefined : typed.code);
    if (typed.ok) setCents(typed.cents);
  }, []);
  const press = useCallback((key: KeypadKey) => {
    setProblem(undefined);
    setCents((current) => pressKey(current, key));
  }, []);

  useEffect(() => report.current?.(cents), [cents]);

  // What was typed before the page woke up is kept.
  useEffect(() => {
    const typed = input.current?.value ?? "";
    if (typed !== "" && typed !== input.current?.defaultValue) accept(readPasted(typed));
    setReady(true);
  }, [accept]);

  useHardwareKeys(hasKeypad, press);

  const { symbol, number, spaced } = moneyParts(cents, currency, locale);
  const isEmpty = cents === 0n;
  // The server and the first render leave the input empty when there is no amount, so that a first keystroke needs no deleting.
  const text = isEmpty && !isReady ? "" : number;
  const message = problem ? errorText(problem) : error;
  const isTill = size === "till";

  return (
    <div className="flex flex-col">
      <div className="text-center">
        <label htmlFor={id} className="block text-label text-muted">
          {label}
        </label>
        <div
          className={clsx(
            "money mx-auto mt-1.5 flex w-fit max-w-full items-start justify-center rounded-control px-2 has-[input:focus-visible]:outline-3 has-[input:focus-visible]:outline-focus",
            isTill ? "text-money-xl md:text-money-till" : "text-money-xl",
            isReady && isEmpty ? "text-muted" : message ? "text-danger" : "text-ink",
          )}
        >
          <span aria-hidden="true" className={clsx("font-semibold", isTill ? "pt-2 text-[1.875rem]/none md:pt-3 md:text-[2.5rem]/none" : "pt-2 text-[1.875rem]/none")}>
            {spaced ? `${symbol}\u00a0` : symbol}
          </span>
          <input
            ref={input}
            id={id}
            name={name}
            value={text}
            placeholder={moneyParts(0n, currency, locale).number}
            type="text"
            inputMode={hasKeypad && isReady ? "none" : "decimal"}
            autoComplete="off"
            enterKeyHint="done"
            autoFocus={isAutoFocus}
            aria-invalid={message ? true : undefined}
            aria-describedby={message ? `${id}-error` : undefined}
            style={{ "--characters": Math.max(4, text.length) } as React.CSSProperties}
            className={clsx("amount-input max-w-full min-w-0 bg-transparent text-left text-inherit outline-none placeholder:text-muted placeholder:opacity-100", isReady && "caret-transparent")}
            onChange={(event) => accept(readEdited(event.target.value, editOf(event.nativeEvent)))}
            onPaste={(event) => {
              event.preventDefault();
              accept(readPasted(event.clipboardData.getData("text")));
            }}
            onSelect={(event) => {
              const { value, selectionStart, selectionEnd } = event.currentTarget;
              if (selectionStart === selectionEnd && selectionEnd !== value.length) event.currentTarget.setSelectionRange(value.length, value.length);
            }}
          />
          {/* The caret is drawn: it always stands at the end, also while the keypad has the focus. */}
          <span aria-hidden="true" className="mt-[.2em] ml-1 h-[.72em] w-[3px] flex-none rounded-[2px] bg-brand-ink" />
        </div>
        <div className="mt-1.5 flex justify-center">
          <FieldError id={`${id}-error`} error={message} />
        </div>
      </div>
      {children}
      {hasKeypad ? (
        <div className={clsx("mt-auto", isTill ? "pt-5" : "pt-3")}>
          <Keypad onKey={press} size={size} />
        </div>
      ) : null}
    </div>
  );
}

/** Digits and Backspace anywhere on the page reach the amount, unless another field or a dialog has them. */
function useHardwareKeys(isOn: boolean, press: (key: KeypadKey) => void) {
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (target?.closest("input, textarea, select, [contenteditable], [role=dialog]")) return;
      if (/^\d$/.test(event.key)) press(event.key as KeypadKey);
      else if (event.key === "Backspace") press("delete");
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [isOn, press]);
}

const editOf = (event: Event): { inputType?: string; data?: string | null } => (event instanceof InputEvent ? event : {});
