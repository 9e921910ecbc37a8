"use client";

import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { useFormStatus } from "react-dom";
import { buttonStyle, type ButtonKind, type ButtonSize } from "./button-style";
import { Spinner } from "./spinner";

export interface ButtonProps extends Omit<ComponentProps<"button">, "disabled" | "className"> {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** As wide as its container: always on a phone. */
  isWide?: boolean;
  /** An `<Icon>` before the label. */
  icon?: ReactNode;
  /** The verb in progress ("Pagando") while the work runs: spinner, same width, further taps ignored. */
  busy?: string | false | null;
  /** Why the button cannot be used now ("Digite um valor"). It is shown as the label; the button stays focusable. */
  stopped?: string | false | null;
}

/** A button. `type` is "button" unless given; for forms take `SubmitButton`. */
export function Button({ kind, size, isWide, icon, busy, stopped, type = "button", onClick, children, ...rest }: ButtonProps) {
  const isHeld = Boolean(busy) || Boolean(stopped);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isHeld) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type}
      onClick={press}
      aria-busy={busy ? true : undefined}
      aria-disabled={isHeld ? true : undefined}
      className={buttonStyle({ kind, size, isWide, isStopped: Boolean(stopped) })}
    >
      {busy ? (
        <span className="grid place-items-center [&>*]:[grid-area:1/1]">
          <span className="inline-flex items-center gap-2.5">
            <Spinner />
            {busy}
          </span>
          <span aria-hidden="true" className="invisible">
            {children}
          </span>
        </span>
      ) : (
        <>
          {icon}
          {stopped || children}
        </>
      )}
    </button>
  );
}

/** The submit button of a form: busy by itself while the form's action runs. `busyLabel` is the verb in progress. */
export function SubmitButton({ busyLabel, ...rest }: Omit<ButtonProps, "busy" | "type"> & { busyLabel: string }) {
  const { pending } = useFormStatus();
  return <Button {...rest} type="submit" busy={pending && busyLabel} />;
}
