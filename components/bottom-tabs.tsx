import clsx from "clsx";
import { CircleUserRound, House, MapPin, ReceiptText, ScanLine, type LucideIcon } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { paths } from "@/lib/paths";
import { Icon } from "./ui/icon";

export type Tab = "home" | "explore" | "pay" | "activity" | "profile";

const TABS = [
  ["home", House, "tabHome", paths.home],
  ["explore", MapPin, "tabExplore", paths.explore],
  ["pay", ScanLine, "tabPay", paths.scan],
  ["activity", ReceiptText, "tabActivity", paths.activity],
  ["profile", CircleUserRound, "tabProfile", paths.profile],
] as const satisfies readonly (readonly [Tab, LucideIcon, string, () => Route])[];

/** The tabs of a person's own pages, pinned to the bottom; Pagar is the raised centre. Leave 96 px free under the content (`pb-24`). */
export function BottomTabs({ current }: { current?: Tab }) {
  const t = useTranslations("common");
  return (
    <nav aria-label={t("tabsLabel")} className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-card pb-[env(safe-area-inset-bottom)]">
      <ul className="mx-auto grid max-w-[480px] grid-cols-5 items-end px-2 pt-2">
        {TABS.map(([tab, icon, key, href]) => {
          const isPay = tab === "pay";
          // The policy of a document is the one it was loaded with, and the map's tiles are in that of its own page alone.
          const Anchor = tab === "explore" ? "a" : Link;
          return (
            <li key={tab}>
              <Anchor
                href={href()}
                aria-current={tab === current ? "page" : undefined}
                className={clsx(
                  "flex min-h-[58px] flex-col items-center justify-end gap-[3px] rounded-control py-1.5 text-caption no-underline",
                  isPay ? "-mt-8 font-bold text-ink" : tab === current ? "font-bold text-brand-ink" : "font-[550] text-muted",
                )}
              >
                {isPay ? (
                  <span className="grid size-16 place-items-center rounded-[22px] bg-brand text-on-brand shadow-[0_0_0_5px_var(--color-card),0_8px_20px_rgb(27_67_184/.28)]">
                    <Icon of={icon} size="large" />
                  </span>
                ) : (
                  <Icon of={icon} size="nav" />
                )}
                {t(key)}
              </Anchor>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
