import { HandCoins } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WaitingCharges } from "@/app/(pay)/c/waiting-charges";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { LiveRefresh } from "@/components/live-refresh";
import { QrCode } from "@/components/qr-code";
import { Disclosure } from "@/components/ui/disclosure";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { accountsOf } from "@/lib/accounts/queries";
import { requireActor } from "@/lib/auth/session";
import { chainName } from "@/lib/chain/chains";
import { addressInGroups, checksummed } from "@/lib/chain/payee-address";
import { env } from "@/lib/env";
import { paths } from "@/lib/paths";
import { personOfCode } from "@/lib/transfers/payee";
import { receiveCodeFor } from "@/lib/transfers/receive-code";
import { CopyText, ShareLink } from "../share-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("receive"))("receiveTitle"), robots: { index: false } };
}

/** The person's own QR and link, a request for an amount, and for who opens the details the account's address. */
export default async function ReceivePage() {
  const actor = await requireActor();
  const [t, wallet, code, accounts] = await Promise.all([getTranslations("receive"), getTranslations("wallet"), receiveCodeFor(actor), accountsOf(actor.userId)]);
  const { name } = await personOfCode(code);
  const link = new URL(paths.person(code), env().APP_URL).href;
  const own = accounts.filter(({ chainId }) => env().CHAIN_IDS.includes(chainId));
  const [first] = own;
  const isEverywhere = first !== undefined && own.every(({ address }) => address === first.address);
  return (
    <WalletShell current="home">
      <h1 className="flex min-h-15 items-center px-5 lg:mt-6">{t("receiveTitle")}</h1>
      {/* A till may charge whoever shows this code. */}
      <LiveRefresh url={paths.liveMe()} />
      <div className="grid gap-4 px-5">
        <WaitingCharges actor={actor} />
        <p className="text-muted">{name ? t("receiveLead", { name }) : t("receiveLeadHidden")}</p>
        <div className="mx-auto overflow-hidden rounded-card shadow-2">
          <QrCode text={link} label={t("qrLabel")} size={264} />
        </div>
        <p className="text-center text-small break-all text-muted" data-testid="receive-link">
          {link}
        </p>
        {first ? null : (
          <Note tone="info" isLive>
            <b className="block">{wallet("preparingTitle")}</b>
            {wallet("preparingText")}
            <RefreshUntilReady />
          </Note>
        )}
        <div className="grid gap-2">
          <ShareLink link={link} text={t("shareText")} label={t("share")} copied={t("copied")} />
          <LinkButton href={paths.newRequest()} kind="soft" isWide icon={<Icon of={HandCoins} />}>
            {t("requestAmount")}
          </LinkButton>
          <LinkButton href={paths.requests()} kind="quiet" isWide>
            {t("myRequests")}
          </LinkButton>
        </div>
        {first ? (
          <Disclosure title={t("details.receiveAddress")}>
            <div className="grid gap-3 px-5 pb-5">
              <Note tone="caution">{t("details.receiveOnly", { networks: own.map(({ chainId }) => chainName(chainId)).join(", ") })}</Note>
              {(isEverywhere ? [first] : own).map(({ chainId, address }) => (
                <div key={chainId} className="grid gap-2">
                  {isEverywhere ? null : <p className="text-small text-muted">{chainName(chainId)}</p>}
                  <p className="font-semibold break-all" data-testid="account-address">
                    {addressInGroups(address)}
                  </p>
                  <CopyText text={checksummed(address)} label={t("copy")} copied={t("copied")} />
                </div>
              ))}
            </div>
          </Disclosure>
        ) : null}
      </div>
    </WalletShell>
  );
}
