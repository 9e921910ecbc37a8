import { Calculator, LayoutDashboard, QrCode, ReceiptText, Store } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AccountNotices } from "@/app/account/account-notices";
import { StoreShell, type StoreNavEntry } from "@/components/store-nav";
import { tileSeed } from "@/components/tile-art";
import { Icon } from "@/components/ui/icon";
import type { Actor } from "@/lib/auth/actor";
import { paths } from "@/lib/paths";
import type { StoreHead } from "@/lib/stores/queries";
import { can, type Role } from "@/lib/team/rules";

export type StorePageName = "today" | "payments" | "qr";

/** The shell round a store's pages. Entries that the role may not use are absent. */
export async function StorePage({ actor, store, role, current, children }: { actor: Actor; store: StoreHead; role: Role; current: StorePageName | null; children: ReactNode }) {
  const t = await getTranslations("store");
  const seesAll = can(role, "payments.view_all");
  const entries: StoreNavEntry[] = [
    ...(seesAll
      ? [
          { key: "today", label: t("today"), href: paths.store(store.id), icon: <Icon of={LayoutDashboard} />, isCurrent: current === "today" },
          { key: "payments", label: t("payments"), href: paths.storePayments(store.id), icon: <Icon of={ReceiptText} />, isCurrent: current === "payments" },
        ]
      : []),
    { key: "qr", label: t("qrKit"), href: paths.storeQr(store.id), icon: <Icon of={QrCode} />, isCurrent: current === "qr" },
    { key: "stores", label: t("storesTitle"), href: paths.storeList(), icon: <Icon of={Store} /> },
  ];
  return (
    <StoreShell
      store={{ name: store.name, seed: tileSeed(store.id, store.qrVersion), roleName: t(`roles.${role}`) }}
      entries={entries}
      till={{ label: t("openTill"), href: paths.till(store.id), icon: <Icon of={Calculator} /> }}
      person={{ name: actor.name ?? actor.phone, line: t("myAccount"), href: paths.home() }}
    >
      <div className="mb-5 empty:hidden">
        <AccountNotices actor={actor} shown={1} />
      </div>
      {children}
    </StoreShell>
  );
}
