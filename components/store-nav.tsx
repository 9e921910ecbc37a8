import clsx from "clsx";
import { Menu } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Logo } from "./logo";
import { StoreMark } from "./store-mark";
import { Tile, TileFrieze } from "./tile";
import { Icon } from "./ui/icon";
import { LinkButton } from "./ui/link-button";
import { Avatar } from "./ui/row";

/** One entry of the store's navigation. The caller leaves out what the role may not use. */
export interface StoreNavEntry {
  key: string;
  label: string;
  href: Route;
  /** `<Icon of={…} />` */
  icon: ReactNode;
  isCurrent?: boolean;
}

export interface StoreNavProps {
  store: { name: string; seed: string; roleName: string; /** With its logo in place of the tile. */ mark?: { id: string; qrVersion: number; logoHash: string | null } };
  entries: readonly StoreNavEntry[];
  /** The one action: the till. */
  till?: { label: string; href: Route; icon?: ReactNode };
  /** The signed-in person, leading back to the own pages. */
  person: { name: string; line: string; href: Route };
}

/** The store's pages: a sidebar of 264 px from 768 px on, a top bar with a menu below. Content goes in `children`. */
export function StoreShell({ children, ...nav }: StoreNavProps & { children: ReactNode }) {
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[264px_minmax(0,1fr)] print:block">
      <StoreTopBar {...nav} />
      <StoreSidebar {...nav} />
      <main id="content" className="mx-auto w-full max-w-[1352px] px-5 py-6 md:px-9 md:py-7">
        {children}
      </main>
    </div>
  );
}

/** The sidebar from 768 px on, with the frieze of the store's tile at its foot. */
export function StoreSidebar({ store, entries, till, person }: StoreNavProps) {
  return (
    <aside className="sticky top-0 hidden h-dvh flex-col gap-0.5 overflow-y-auto border-r border-line bg-card px-3.5 pt-5 md:flex print:hidden">
      <div className="px-2.5 pb-4">
        <Logo />
      </div>
      <div className="flex items-center gap-3 rounded-[20px] bg-sunk p-2.5">
        {store.mark ? <StoreMark store={store.mark} size={44} /> : <Tile seed={store.seed} size={44} />}
        <span className="min-w-0">
          <b className="block truncate font-semibold leading-5">{store.name}</b>
          <span className="text-caption text-muted">{store.roleName}</span>
        </span>
      </div>
      {till ? <div className="my-3 grid"><LinkButton href={till.href} size="medium" icon={till.icon} isWide>{till.label}</LinkButton></div> : <div className="h-3" />}
      <Entries entries={entries} />
      <div className="mt-auto pt-4">
        <PersonLink {...person} />
        <div className="-mx-3.5 mt-3">
          <TileFrieze seed={store.seed} />
        </div>
      </div>
    </aside>
  );
}

/** The top bar under 768 px; its menu is a native disclosure, so it opens before hydration. */
export function StoreTopBar({ store, entries, till, person }: StoreNavProps) {
  const t = useTranslations("common");
  return (
    <details className="group sticky top-0 z-20 border-b border-line bg-card md:hidden print:hidden">
      <summary className="flex min-h-16 list-none items-center gap-3 px-5 py-2 [&::-webkit-details-marker]:hidden">
        {store.mark ? <StoreMark store={store.mark} size={44} /> : <Tile seed={store.seed} size={44} />}
        <span className="min-w-0 flex-1">
          <b className="block truncate font-semibold leading-5">{store.name}</b>
          <span className="text-caption text-muted">{store.roleName}</span>
        </span>
        <span className="sr-only">{t("menu")}</span>
        <Icon of={Menu} size="nav" />
      </summary>
      <div className="grid max-h-[calc(100dvh-4rem)] gap-2 overflow-y-auto px-3.5 pb-4">
        {till ? <LinkButton href={till.href} size="medium" icon={till.icon} isWide>{till.label}</LinkButton> : null}
        <Entries entries={entries} />
        <PersonLink {...person} />
      </div>
    </details>
  );
}

function Entries({ entries }: { entries: readonly StoreNavEntry[] }) {
  const t = useTranslations("common");
  return (
    <nav aria-label={t("storeNavLabel")} className="grid gap-0.5">
      {entries.map(({ key, label, href, icon, isCurrent }) => (
        <Link
          key={key}
          href={href}
          aria-current={isCurrent ? "page" : undefined}
          className={clsx(
            "flex min-h-11 items-center gap-3 rounded-[13px] px-3 text-[.9375rem]/5 no-underline",
            isCurrent ? "bg-brand-soft font-[650] text-brand-ink" : "font-[550] text-muted hover:bg-sunk",
          )}
        >
          {icon}
          {label}
        </Link>
      ))}
    </nav>
  );
}

function PersonLink({ name, line, href }: StoreNavProps["person"]) {
  return (
    <Link href={href} className="flex min-h-14 items-center gap-3 rounded-[13px] px-2 text-muted no-underline hover:bg-sunk">
      <Avatar name={name} size={36} />
      <span className="min-w-0">
        <b className="block truncate font-semibold leading-[18px] text-ink">{name}</b>
        <span className="text-caption">{line}</span>
      </span>
    </Link>
  );
}
