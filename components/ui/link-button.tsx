import type { ComponentProps, ReactNode } from "react";
import { AppLink } from "./app-link";
import { buttonStyle, type ButtonKind, type ButtonSize } from "./button-style";

/** A link that looks like a button: for going somewhere, never for doing something. */
export function LinkButton({
  kind,
  size,
  isWide,
  icon,
  children,
  ...rest
}: Omit<ComponentProps<typeof AppLink>, "className"> & { kind?: ButtonKind; size?: ButtonSize; isWide?: boolean; icon?: ReactNode }) {
  return (
    <AppLink {...rest} className={buttonStyle({ kind, size, isWide })}>
      {icon}
      {children}
    </AppLink>
  );
}
