import clsx from "clsx";
import type { ReactNode } from "react";

/** A raised surface. `isFlush` leaves the padding to the content (lists, tables). */
export function Card({
  isFlush,
  as: Tag = "section",
  id,
  className,
  children,
  ...labels
}: {
  isFlush?: boolean;
  as?: "section" | "div" | "article";
  id?: string;
  className?: string;
  children: ReactNode;
  "aria-label"?: string;
  "aria-labelledby"?: string;
}) {
  return (
    <Tag id={id} {...labels} className={clsx("min-w-0 rounded-card bg-card shadow-1", !isFlush && "p-5 md:p-6", className)}>
      {children}
    </Tag>
  );
}
