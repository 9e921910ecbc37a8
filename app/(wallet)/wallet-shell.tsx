import clsx from "clsx";
import { ScanLine } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { BottomTabs, type Tab } from "@/components/bottom-tabs";
import { Logo } from "@/components/logo";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/paths";

/** A person's own pages: tabs at the bottom of a phone, one bar at the top of a desktop. `isWide` gives two columns their room. */
export function WalletShell({ current, isWide, children }: { current: Tab; isWide?: boolean; children: ReactNode }) {
  return (
    <div className="min-h-dvh pb-28 lg:pb-16">
      <TopBar current={current} />
      <main id="content" className={clsx("mx-auto w-full", isWide ? "max-w-[480px] lg:max-w-[1080px] lg:px-9" : "max-w-[560px]")}>
        {children}
      </main>
      <div className="lg:hidden print:hidden">
        <BottomTabs current={current} />
      </div>
    </div>
  );
}

function TopBar({ current }: { current: Tab }) {
  const t = useTranslations("common");
  const links = [
    ["home", paths.home(), t("tabHome")],
    ["explore", paths.explore(), t("tabExplore")],
    ["activity", paths.activity(), t("tabActivity")],
    ["profile", paths.profile(), t("tabProfile")],
  ] as const;
  return (
    <header className="hidden border-b border-line bg-card lg:block print:hidden">
      <div className="mx-auto flex h-[72px] max-w-[1080px] items-center gap-8 px-9">
        <Link href={paths.home()} aria-label={t("home")} className="flex min-h-11 items-center rounded-control no-underline">
          <Logo />
        </Link>
        <nav aria-label={t("tabsLabel")} className="flex flex-1 gap-1">
          {links.map(([tab, href, text]) => {
            // A page with a map has a policy of its own, which a link within the document would not bring.
            const Anchor = tab === "explore" ? "a" : Link;
            return (
              <Anchor
                key={tab}
                href={href}
                aria-current={tab === current ? "page" : undefined}
                className={clsx("flex min-h-11 items-center rounded-[13px] px-4 text-label no-underline", tab === current ? "bg-brand-soft text-brand-ink" : "text-muted")}
              >
                {text}
              </Anchor>
            );
          })}
        </nav>
        <LinkButton href={paths.scan()} size="medium" icon={<Icon of={ScanLine} />}>
          {t("tabPay")}
        </LinkButton>
      </div>
    </header>
  );
}
