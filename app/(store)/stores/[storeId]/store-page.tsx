import { BanknoteArrowUp, BookOpen, Calculator, CalendarCheck, ChartColumn, Landmark, LayoutDashboard, QrCode, ReceiptText, ScrollText, Settings, Store, UserRound, Users, type LucideIcon } from "lucide-react";
import type { Route } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AccountNotices } from "@/app/account/account-notices";
import { StoreShell, type StoreNavEntry } from "@/components/store-nav";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { Actor } from "@/lib/auth/actor";
import { paths } from "@/lib/paths";
import type { StoreHead } from "@/lib/stores/queries";
import { can, type Permission, type Role } from "@/lib/team/rules";
import { isTillPixOffered } from "@/lib/tillpix/offered";

export type StorePageName = "today" | "payments" | "analytics" | "close" | "items" | "team" | "payouts" | "qr" | "settings" | "audit" | "seat" | "pix";

/** The shell round a store's pages. Entries that the role may not use are absent. */
export async function StorePage({ actor, store, role, current, children }: { actor: Actor; store: StoreHead; role: Role; current: StorePageName | null; children: ReactNode }) {
  const [t, team, seats, analytics] = await Promise.all([getTranslations("store"), getTranslations("team"), getTranslations("seats"), getTranslations("analytics")]);
  const all: { key: StorePageName; needs?: Permission; label: string; href: Route; icon: LucideIcon }[] = [
    // Staff have a today of their own.
    { key: "today", label: t("today"), href: can(role, "payments.view_all") ? paths.store(store.id) : paths.staffToday(store.id), icon: LayoutDashboard },

    { key: "payments", needs: "payments.view_all", label: t("payments"), href: paths.storePayments(store.id), icon: ReceiptText },

    { key: "analytics", needs: "analytics.view", label: analytics("title"), href: paths.storeAnalytics(store.id), icon: ChartColumn },
    { key: "close", label: analytics("closeTitle"), href: paths.storeCloseDay(store.id), icon: CalendarCheck },

    { key: "items", needs: "items.manage", label: t("items"), href: paths.storeItems(store.id), icon: BookOpen },
    ...(await isTillPixOffered(actor.userId) ? [{ key: "pix" as const, needs: "payments.view_all" as const, label: t("pix"), href: paths.storePix(store.id), icon: Landmark }] : []),

    { key: "team", needs: "team.view", label: team("title"), href: paths.storeTeam(store.id), icon: Users },
    { key: "payouts", needs: "payouts.manage", label: t("payouts"), href: paths.storePayouts(store.id), icon: BanknoteArrowUp },

    { key: "qr", label: t("qrKit"), href: paths.storeQr(store.id), icon: QrCode },

    { key: "settings", needs: "settings.manage", label: (await getTranslations("settings"))("title"), href: paths.storeSettings(store.id), icon: Settings },

    { key: "audit", needs: "audit.view", label: (await getTranslations("audit"))("title"), href: paths.storeAudit(store.id), icon: ScrollText },

    { key: "seat", label: seats("title"), href: paths.storePin(store.id), icon: UserRound },
  ];
  const entries: StoreNavEntry[] = [
    ...all
      .filter(({ needs }) => !needs || can(role, needs))
      .map(({ key, label, href, icon }) => ({ key, label, href, icon: <Icon of={icon} />, isCurrent: current === key })),
    { key: "stores", label: t("storesTitle"), href: paths.storeList(), icon: <Icon of={Store} /> },
  ];
  return (
    <StoreShell
      store={{ name: store.name, seed: tileSeed(store.id, store.qrVersion), roleName: t(`roles.${role}`), mark: store }}
      entries={entries}
      till={{ label: t("openTill"), href: paths.till(store.id), icon: <Icon of={Calculator} /> }}
      person={{ name: actor.name ?? actor.phone, line: t("myAccount"), href: paths.home() }}
    >
      <div className="mb-5 grid gap-3 empty:hidden">
        <AccountNotices actor={actor} shown={1} />
        {store.closedAt ? (
          <Note tone="caution">
            <b className="font-semibold">{(await getTranslations("settings"))("closedTitle")}</b>
          </Note>
        ) : null}
      </div>
      {children}
    </StoreShell>
  );
}
