import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { controlStyle, FieldFrame } from "./field";
import { Icon } from "./icon";

export interface SelectOption {
  value: string;
  label: string;
}

/** A labelled native select: works before hydration and opens the phone's own list. */
export function Select({
  label,
  hint,
  error,
  isLabelHidden,
  size,
  id,
  options,
  ...select
}: Omit<ComponentProps<"select">, "size" | "className" | "children"> & {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  isLabelHidden?: boolean;
  size?: "medium" | "large";
  options: readonly SelectOption[];
}) {
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(control) => (
        <div className={`${controlStyle({ hasError: Boolean(error), size })} relative`}>
          <select {...select} {...control} className="w-0 min-w-0 flex-1 appearance-none self-stretch bg-transparent pr-8 outline-none [&>option]:bg-card">
            {options.map(({ value, label: text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
          <Icon of={ChevronDown} className="pointer-events-none absolute right-4" />
        </div>
      )}
    </FieldFrame>
  );
}
