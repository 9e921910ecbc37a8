import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { ConnectedCard } from "@/components/wallet/connected-card";
import { optionalActor } from "@/lib/auth/session";
import { readWaitingWallet } from "@/lib/auth/wallets/waiting-cookie";
import { waitingWallet } from "@/lib/auth/wallets/sign-in-by-wallet";
import { paths, safeNext } from "@/lib/paths";
import { SignInFrame } from "../../sign-in-frame";
import { WalletPhoneForm } from "./wallet-phone-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallets");
  return { title: t("phoneTitle"), robots: { index: false } };
}

/** A wallet that is new here verifies a phone once. It is named above the form, because it will sign in to that phone's account. */
export default async function WalletPhonePage({ searchParams }: PageProps<"/login/wallet/phone">) {
  const { next: asked } = await searchParams;
  const next = safeNext(typeof asked === "string" ? asked : null);
  const [actor, token, t] = await Promise.all([optionalActor(), readWaitingWallet(), getTranslations("wallets")]);
  if (actor) redirect(actor.name ? next : paths.loginName(next));
  const waiting = token ? await waitingWallet(token) : null;
  if (!waiting) redirect(paths.loginWallet(next));
  return (
    <SignInFrame>
      <AreaMessages areas={["auth", "wallets"]}>
        <WalletPhoneForm next={next} kept={<ConnectedCard wallet={{ name: t("yours"), address: waiting.address }} line={t("willBeLinked")} />} />
      </AreaMessages>
    </SignInFrame>
  );
}
