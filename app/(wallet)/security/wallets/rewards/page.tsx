import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { WalletRoom } from "@/components/wallet/wallet-room";
import { requireActor } from "@/lib/auth/session";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";
import { walletRewardsOf } from "@/lib/guests/wallet-rewards";
import { paths } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { SecurityPage } from "../../security-page";
import { MoveRewards } from "./move-rewards";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("guest.rewards"))("title") };
}

/** What linked wallets earned by paying without an account, and the way to bring it here. */
export default async function WalletRewardsPage() {
  const actor = await requireActor();
  const [wallets, rate, t] = await Promise.all([walletRewardsOf(actor), currentRate(), getTranslations("guest.rewards")]);
  return (
    <SecurityPage title={t("title")} backHref={paths.wallets()}>
      <AreaMessages areas={["guest", "wallets"]}>
        <p className="text-muted">{t("lead")}</p>
        {wallets.length === 0 ? (
          <Note tone="neutral" trailing={<LinkButton kind="soft" size="medium" href={paths.wallets()}>{t("toWallets")}</LinkButton>}>
            {t("noWallets")}
          </Note>
        ) : (
          <WalletRoom {...walletSetup()}>
            <MoveRewards wallets={wallets} brlPerUsdMicros={rate.brlPerUsdMicros} />
          </WalletRoom>
        )}
      </AreaMessages>
    </SecurityPage>
  );
}
