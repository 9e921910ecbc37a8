import clsx from "clsx";
import type { ComponentProps } from "react";

/** A raised surface. `isFlush` leaves the padding to the content (lists, tables). */
export function Card({ isFlush, as: Tag = "section", className, ...rest }: ComponentProps<"section"> & { isFlush?: boolean; as?: "section" | "div" | "article" }) {
  return <Tag {...rest} className={clsx("rounded-card bg-card shadow-1", !isFlush && "p-5 md:p-6", className)} />;
}
