import clsx from "clsx";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useId, type ComponentProps, type ReactNode } from "react";
import { Icon } from "./icon";

interface FrameProps {
  label: ReactNode;
  /** One helping sentence under the control. */
  hint?: ReactNode;
  /** The sentence that says what is wrong and how to fix it. */
  error?: ReactNode;
  /** A green sentence when the value was checked and is right. */
  good?: ReactNode;
  /** The label is for screen readers only; something visible must still say what the field is. */
  isLabelHidden?: boolean;
}

/** Label above, control, then hint, error or good sentence, joined by `aria-describedby`. `children` draws the control with the ids it gets. */
export function FieldFrame({
  id,
  label,
  hint,
  error,
  good,
  isLabelHidden,
  children,
}: FrameProps & { id?: string; children: (control: { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined }) => ReactNode }) {
  const made = useId();
  const control = id ?? made;
  const ids = [hint && `${control}-hint`, error && `${control}-error`, good && !error && `${control}-good`].filter(Boolean).join(" ");
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={control} className={isLabelHidden ? "sr-only" : "text-label"}>
        {label}
      </label>
      {children({ id: control, "aria-describedby": ids || undefined, "aria-invalid": error ? true : undefined })}
      {hint && !error ? (
        <p id={`${control}-hint`} className="text-small text-muted">
          {hint}
        </p>
      ) : null}
      <FieldError id={`${control}-error`} error={error} />
      {good && !error ? (
        <p id={`${control}-good`} className="flex items-start gap-1.5 text-small font-semibold text-positive">
          <Icon of={CircleCheck} size="chip" className="mt-0.5" />
          <span>{good}</span>
        </p>
      ) : null}
    </div>
  );
}

/** The error sentence of a control or of a whole form. Nothing is drawn without one. */
export function FieldError({ id, error }: { id?: string; error?: ReactNode }) {
  if (!error) return null;
  return (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-small font-semibold text-danger">
      <Icon of={CircleAlert} size="chip" className="mt-0.5" />
      <span>{error}</span>
    </p>
  );
}

/** The box of every typed control: 56 px (44 for `medium`), border drawn inside, thicker and blue in focus, red when wrong. */
export const controlStyle = ({ hasError, size = "large" }: { hasError: boolean; size?: "medium" | "large" }): string =>
  clsx(
    "flex w-full items-center gap-2.5 bg-card text-ink tabular-nums",
    size === "large" ? "min-h-14 rounded-control px-4 text-[1.0625rem]/6" : "min-h-11 rounded-[13px] px-3.5 text-body",
    "focus-within:shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)]",
    hasError ? "shadow-[inset_0_0_0_2.5px_var(--color-danger)]" : "shadow-[inset_0_0_0_1.5px_var(--color-field)]",
  );

export interface FieldProps extends FrameProps, Omit<ComponentProps<"input">, "size" | "className"> {
  size?: "medium" | "large";
  /** Inside the box, before and after the text. */
  leading?: ReactNode;
  trailing?: ReactNode;
}

/** A labelled text input. Every other property goes to the `<input>`. */
export function Field({ label, hint, error, good, isLabelHidden, size, leading, trailing, id, ...input }: FieldProps) {
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} good={good} isLabelHidden={isLabelHidden}>
      {(control) => (
        <div className={controlStyle({ hasError: Boolean(error), size })}>
          {leading}
          <input {...input} {...control} className="w-0 min-w-0 flex-1 self-stretch bg-transparent outline-none placeholder:text-muted" />
          {trailing}
        </div>
      )}
    </FieldFrame>
  );
}

/** A labelled text area. */
export function TextArea({ label, hint, error, good, isLabelHidden, id, ...input }: FrameProps & Omit<ComponentProps<"textarea">, "className">) {
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} good={good} isLabelHidden={isLabelHidden}>
      {(control) => (
        <div className={controlStyle({ hasError: Boolean(error) })}>
          <textarea rows={3} {...input} {...control} className="min-w-0 flex-1 bg-transparent py-3.5 outline-none" />
        </div>
      )}
    </FieldFrame>
  );
}
