import type { Route } from "next";
import Link from "next/link";
import type { ComponentProps } from "react";

/** next/link for addresses made by lib/paths, which are text; the one place where they become a typed route. */
export function AppLink({ href, ...rest }: Omit<ComponentProps<typeof Link>, "href"> & { href: string }) {
  return <Link href={href as Route} {...rest} />;
}
