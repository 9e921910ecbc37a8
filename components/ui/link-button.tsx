import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { buttonStyle, type ButtonKind, type ButtonSize } from "./button-style";

/** A link that looks like a button: for going somewhere, never for doing something. */
export function LinkButton({
  kind,
  size,
  isWide,
  icon,
  children,
  ...rest
}: Omit<ComponentProps<"a">, "className" | "href"> & { href: Route; kind?: ButtonKind; size?: ButtonSize; isWide?: boolean; icon?: ReactNode }) {
  return (
    <Link {...rest} className={buttonStyle({ kind, size, isWide })}>
      {icon}
      {children}
    </Link>
  );
}
