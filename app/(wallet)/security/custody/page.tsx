import { Landmark } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { signingOf } from "@/app/sign/signing";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { PageHeader } from "@/components/page-header";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { RowIcon } from "@/components/ui/row";
import { custodyOf } from "@/lib/accounts/queries";
import { requireActor } from "@/lib/auth/session";
import { formatDate } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { WalletShell } from "../../wallet-shell";
import { ChangeProgress } from "./change-progress";
import { CustodyCard } from "./custody-card";
import { OwnersList, type OwnerShown } from "./owners-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("custody");
  return { title: t("title"), robots: { index: false } };
}

/** Who can move the person's money, in plain words; the way to change it; and the browser's own question to the chains. */
export default async function CustodyPage() {
  const actor = await requireActor();
  const [t, locale, view, signing] = await Promise.all([getTranslations("custody"), getLocale(), custodyOf(actor), signingOf(actor)]);
  const { state, change } = view;
  const hasOwn = state === "self_custody" || state === "half_done";
  const owners = view.owners
    .filter(({ chainIds }) => chainIds.length > 0)
    .map(
      (owner): OwnerShown => ({
        address: owner.address,
        kind: owner.kind,
        name: owner.name ?? t(`kinds.${owner.kind}`),
        since: owner.since ? t("since", { date: formatDate(new Date(owner.since), locale) }) : null,
        isEverywhere: owner.chainIds.length === view.chains.length,
        isPasskeyGone: owner.kind === "passkey" && owner.passkeyId === null,
      }),
    );
  return (
    <WalletShell current="profile">
      <LiveRefresh url={paths.liveMe()} />
      {state === "preparing" ? <RefreshUntilReady /> : null}
      <PageHeader title={t("title")} backHref={paths.security()} />
      <AreaMessages areas={["custody", "signing", "wallets"]}>
        <div className="grid gap-3 px-3 pt-1">
          <CustodyCard key={`${state} ${change?.id ?? ""}`} view={view}>
            {state === "managed" && !change ? (
              <div className="mt-4">
                <LinkButton href={paths.takeover()} isWide>
                  {t("takeOver")}
                </LinkButton>
              </div>
            ) : null}
            {change ? <ChangeProgress change={change} chains={view.chains} signing={signing} /> : null}
          </CustodyCard>

          {hasOwn && signing ? (
            <OwnersList owners={owners} hasServer={state === "half_done"} canChange={state === "self_custody" && !change} />
          ) : state === "managed" ? (
            <Card aria-labelledby="owners">
              <h2 id="owners">{t("owners")}</h2>
              <div className="mt-2 flex min-h-[68px] items-center gap-3.5">
                <RowIcon ground="brand">
                  <Icon of={Landmark} />
                </RowIcon>
                <span>
                  <b className="block leading-5 font-semibold">{t("serverOwner")}</b>
                  <span className="text-small text-muted">{t("serverOwnerText")}</span>
                </span>
              </div>
            </Card>
          ) : null}

          {state === "managed" && !change ? (
            <Card aria-labelledby="export">
              <h2 id="export" className="font-sans text-label tracking-normal">
                {t("exportKey")}
              </h2>
              <p className="mt-1 text-small text-muted">{t("exportKeyText")}</p>
              <div className="mt-3">
                <LinkButton href={paths.keyExport()} kind="outline" size="medium">
                  {t("exportKey")}
                </LinkButton>
              </div>
            </Card>
          ) : null}
        </div>
      </AreaMessages>
    </WalletShell>
  );
}
