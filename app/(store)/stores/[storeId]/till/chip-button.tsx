import clsx from "clsx";
import type { ComponentProps } from "react";

/** A 44 px button in a row of choices beside the amount; pressed ones are filled. */
export function ChipButton({ isOn, ...rest }: Omit<ComponentProps<"button">, "className" | "type"> & { isOn?: boolean }) {
  return (
    <button
      {...rest}
      type="button"
      className={clsx(
        "inline-flex min-h-11 max-w-full flex-none items-center gap-2 rounded-[14px] px-3.5 text-label transition-transform duration-[120ms] ease-out active:scale-[.98] lg:min-h-13 lg:px-4.5 lg:text-button",
        isOn ? "bg-brand-soft text-brand-ink" : "bg-card text-ink shadow-[inset_0_0_0_1.5px_var(--color-line)]",
      )}
    />
  );
}
