import clsx from "clsx";

/** The mark alone: an open coconut that is also a C. `onDeep` is white with a yellow petal, for the balance header. */
export function Mark({ size = 28, isOnDeep }: { size?: number; isOnDeep?: boolean }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" fill="none" aria-hidden="true" className={isOnDeep ? "text-glaze" : "text-brand-ink"}>
      <path d="M31 10A23 23 0 1 0 54 33" stroke="currentColor" strokeWidth="12" />
      <path d="M36 28A24 24 0 0 1 60 4A24 24 0 0 1 36 28Z" className={isOnDeep ? "fill-reward" : "fill-current"} />
    </svg>
  );
}

/** Mark and wordmark. */
export function Logo({ isOnDeep, size = "medium" }: { isOnDeep?: boolean; size?: "medium" | "large" }) {
  return (
    <span className={clsx("inline-flex items-center gap-2", isOnDeep ? "text-on-deep" : "text-ink")}>
      <Mark size={size === "large" ? 36 : 26} isOnDeep={isOnDeep} />
      <b className={clsx("font-display font-bold tracking-[-.03em]", size === "large" ? "text-title" : "text-heading")}>CocoPay</b>
    </span>
  );
}
