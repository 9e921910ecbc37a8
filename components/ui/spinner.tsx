import clsx from "clsx";

/** A turning ring; a still one with reduced motion, so a word always stands beside it. */
export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={clsx("inline-block size-5 flex-none animate-spin rounded-full border-[2.6px] border-current border-r-transparent", className)}
    />
  );
}
