import clsx from "clsx";
import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps } from "react";

const STYLE = "grid size-11 flex-none place-items-center rounded-[14px] transition-transform duration-[120ms] ease-out active:scale-[.98]";
const GROUNDS = { none: "", card: "bg-card text-ink", sunk: "bg-sunk text-ink" } as const;

/** A 44 px button with an icon alone; `aria-label` says what it does. */
export function IconButton({ ground = "none", className, type = "button", ...rest }: ComponentProps<"button"> & { "aria-label": string; ground?: keyof typeof GROUNDS }) {
  return <button {...rest} type={type} className={clsx(STYLE, GROUNDS[ground], className)} />;
}

/** The same as a link. */
export function IconLink({ ground = "none", className, ...rest }: Omit<ComponentProps<"a">, "href"> & { href: Route; "aria-label": string; ground?: keyof typeof GROUNDS }) {
  return <Link {...rest} className={clsx(STYLE, GROUNDS[ground], className)} />;
}
