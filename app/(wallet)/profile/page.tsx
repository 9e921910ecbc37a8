import { ChevronRight, ShieldCheck, Store, type LucideIcon } from "lucide-react";
import type { Route } from "next";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { chooseLocaleAction, chooseThemeAction } from "@/app/preferences/actions";
import { AreaMessages } from "@/components/area-messages";
import { LocaleSwitch, ThemeSwitch } from "@/components/preference-switches";
import { THEME_COOKIE, themeOf } from "@/components/theme";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Avatar, RowIcon } from "@/components/ui/row";
import { shownPhone } from "@/lib/auth/phone";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { listMyStores } from "@/lib/stores/queries";
import { WalletShell } from "../wallet-shell";
import { NameCard } from "./name-card";
import { SignOutButton } from "./sign-out-button";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallet");
  return { title: t("profileTitle"), robots: { index: false } };
}

export default async function ProfilePage() {
  const actor = await requireActor();
  const [t, common, security, stores, jar] = await Promise.all([getTranslations("wallet"), getTranslations("common"), getTranslations("security"), listMyStores(actor), cookies()]);
  const hasStores = stores.length > 0;
  return (
    <WalletShell current="profile">
      <h1 className="flex min-h-15 items-center px-5 lg:mt-6">{t("profileTitle")}</h1>
      <div className="grid gap-3 px-3">
        <Card aria-labelledby="who">
          <div className="flex items-center gap-3.5">
            <Avatar name={actor.name ?? "?"} />
            <div className="min-w-0">
              <h2 id="who" className="truncate">
                {actor.name ?? t("name")}
              </h2>
              <p className="text-small text-muted tabular-nums">{shownPhone(actor.phone)}</p>
            </div>
          </div>
          <AreaMessages areas={["wallet"]}>
            <NameCard name={actor.name ?? ""} />
          </AreaMessages>
          <p className="mt-2 text-small text-muted">{t("phoneHelp")}</p>
        </Card>
        <RoomLink href={paths.security()} icon={ShieldCheck} title={security("title")} line={security("profileText")} />
        <RoomLink href={hasStores ? paths.stores() : paths.newStore()} icon={Store} title={t(hasStores ? "myStores" : "openStore")} line={t(hasStores ? "myStoresText" : "openStoreText")} />
        <Card aria-label={t("preferences")}>
          <h2 className="font-sans text-label tracking-normal">{common("language")}</h2>
          <div className="mt-2 overflow-x-auto">
            <LocaleSwitch action={chooseLocaleAction} />
          </div>
          <h2 className="mt-5 font-sans text-label tracking-normal">{common("theme")}</h2>
          <div className="mt-2 overflow-x-auto">
            <ThemeSwitch current={themeOf(jar.get(THEME_COOKIE)?.value)} action={chooseThemeAction} />
          </div>
        </Card>
        <AreaMessages areas={["wallet"]}>
          <SignOutButton />
        </AreaMessages>
      </div>
    </WalletShell>
  );
}

function RoomLink({ href, icon, title, line }: { href: Route; icon: LucideIcon; title: string; line: string }) {
  return (
    <Link href={href} className="flex min-h-[68px] items-center gap-3.5 rounded-card bg-card px-5 py-3 text-ink no-underline shadow-1 active:bg-sunk">
      <RowIcon ground="brand">
        <Icon of={icon} />
      </RowIcon>
      <span className="min-w-0 flex-1">
        <b className="block leading-5 font-semibold">{title}</b>
        <span className="text-small text-muted">{line}</span>
      </span>
      <Icon of={ChevronRight} className="text-muted" />
    </Link>
  );
}
