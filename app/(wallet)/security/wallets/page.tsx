import { Wallet } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { WalletRoom } from "@/components/wallet/wallet-room";
import { requireActor } from "@/lib/auth/session";
import { listWallets } from "@/lib/auth/wallets/queries";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";
import { chainName } from "@/lib/chain/chains";
import { formatDate, formatRelative, formatWait } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { SecurityPage } from "../security-page";
import { LinkWallet } from "./link-wallet";
import { WalletCard } from "./wallet-card";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallets");
  return { title: t("title"), robots: { index: false } };
}

export default async function WalletsPage({ searchParams }: PageProps<"/security/wallets">) {
  const actor = await requireActor();
  const [t, rewards, locale, linked, { link }] = await Promise.all([getTranslations("wallets"), getTranslations("guest.rewards"), getLocale(), listWallets(actor), searchParams]);
  const now = new Date();
  return (
    <SecurityPage title={t("title")}>
      <p className="px-2 text-muted">{t("manageLead")}</p>
      <AreaMessages areas={["wallets"]}>
        {linked.map((wallet) => (
          <WalletCard
            key={wallet.walletId}
            walletId={wallet.walletId}
            name={wallet.name}
            address={wallet.address}
            isOwner={wallet.isOwner}
            lines={[
              t("added", { date: formatDate(wallet.createdAt, locale) }),
              wallet.lastUsedAt ? t("lastUsed", { when: formatRelative(wallet.lastUsedAt, now, locale) }) : t("neverUsed"),
              ...(wallet.isContract ? [t("onChain", { chain: chainName(wallet.chainId) })] : []),
              ...(wallet.secondsUntilFactor > 0 ? [t("countsFrom", { wait: formatWait(wallet.secondsUntilFactor, locale) })] : []),
            ]}
          />
        ))}
        {linked.length > 0 ? (
          <LinkButton href={paths.walletRewards()} kind="soft" isWide>
            {rewards("title")}
          </LinkButton>
        ) : null}
        {linked.length === 0 ? <EmptyState icon={<Icon of={Wallet} size="large" />} title={t("noneLinked")} text={t("noneLinkedText")} /> : null}
        {link === "1" ? <Note>{t("confirmToLink")}</Note> : null}
        <WalletRoom {...walletSetup()}>
          <LinkWallet isOpenAtFirst={link === "1"} />
        </WalletRoom>
      </AreaMessages>
    </SecurityPage>
  );
}
