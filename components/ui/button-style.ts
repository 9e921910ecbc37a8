import clsx from "clsx";

/** primary: the one action of a screen. ink: the action on the green Paid screen. deep: on the balance header. */
export type ButtonKind = "primary" | "soft" | "outline" | "quiet" | "danger" | "ink" | "deep";
/** 44, 56 and 72 px high. */
export type ButtonSize = "medium" | "large" | "till";

const KINDS: Record<ButtonKind, string> = {
  primary: "bg-brand text-on-brand hover:bg-brand-press active:bg-brand-press",
  soft: "bg-brand-soft text-brand-ink",
  outline: "bg-card text-ink shadow-[inset_0_0_0_1.5px_var(--color-line)]",
  quiet: "bg-transparent text-brand-ink",
  danger: "bg-danger-fill text-on-danger",
  ink: "bg-on-paid text-on-deep focus-visible:outline-on-paid",
  deep: "bg-on-deep/14 text-on-deep focus-visible:outline-on-deep",
};
const SIZES: Record<ButtonSize, string> = {
  medium: "min-h-11 rounded-[13px] px-4 text-label font-[650]",
  large: "min-h-14 rounded-control px-[22px] text-button",
  till: "min-h-[72px] rounded-[20px] px-7 text-[1.375rem]/7 font-[650]",
};

/** The classes of a button or of a link that looks like one. */
export function buttonStyle({ kind = "primary", size = "large", isWide = false, isStopped = false }: { kind?: ButtonKind; size?: ButtonSize; isWide?: boolean; isStopped?: boolean }): string {
  return clsx(
    "inline-grid grid-flow-col place-content-center items-center gap-2.5 text-center no-underline",
    "transition-[transform,background-color] duration-[120ms] ease-out",
    SIZES[size],
    isStopped ? "cursor-not-allowed bg-sunk text-muted" : clsx(KINDS[kind], "active:scale-[.98]"),
    isWide && "w-full",
  );
}
