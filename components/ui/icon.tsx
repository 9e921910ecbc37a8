import clsx from "clsx";
import type { LucideIcon } from "lucide-react";

const SIZES = { chip: [16, 2.2], row: [20, 1.9], nav: [24, 1.9], large: [32, 1.9] } as const;

/** A lucide icon in the look's stroke. Decoration only: the word beside it, or the control's aria-label, says what it means. */
export function Icon({ of: Drawing, size = "row", className }: { of: LucideIcon; size?: keyof typeof SIZES; className?: string }) {
  const [pixels, stroke] = SIZES[size];
  return <Drawing aria-hidden="true" focusable="false" size={pixels} strokeWidth={stroke} className={clsx("flex-none", className)} />;
}
