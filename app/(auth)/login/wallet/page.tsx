import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { WalletRoom } from "@/components/wallet/wallet-room";
import { optionalActor } from "@/lib/auth/session";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";
import { paths, safeNext } from "@/lib/paths";
import { SignInFrame } from "../sign-in-frame";
import { WalletSignIn } from "./wallet-sign-in";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallets");
  return { title: t("signInTitle"), robots: { index: false } };
}

export default async function WalletLoginPage({ searchParams }: PageProps<"/login/wallet">) {
  const { next: asked } = await searchParams;
  const next = safeNext(typeof asked === "string" ? asked : null);
  const actor = await optionalActor();
  if (actor) redirect(actor.name ? next : paths.loginName(next));
  const t = await getTranslations("wallets");
  return (
    <SignInFrame>
      <h1 className="mt-7 text-[2rem]/[2.375rem]">{t("signInTitle")}</h1>
      <p className="mt-2 mb-5.5 text-muted">{t("signInLead")}</p>
      <AreaMessages areas={["wallets"]}>
        <WalletRoom {...walletSetup()}>
          <WalletSignIn next={next} />
        </WalletRoom>
      </AreaMessages>
    </SignInFrame>
  );
}
