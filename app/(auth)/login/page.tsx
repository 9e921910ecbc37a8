import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { optionalActor } from "@/lib/auth/session";
import { paths, safeNext } from "@/lib/paths";
import { KeptPayment } from "./kept-payment";
import { SignInForm } from "./sign-in-form";
import { SignInFrame } from "./sign-in-frame";
import { WalletEntry } from "./wallet/wallet-entry";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("signInTitle"), robots: { index: false } };
}

export default async function LoginPage({ searchParams }: PageProps<"/login">) {
  const { next: asked } = await searchParams;
  const next = safeNext(typeof asked === "string" ? asked : null);
  const actor = await optionalActor();
  if (actor) redirect(actor.name ? next : paths.loginName(next));
  return (
    <SignInFrame>
      <AreaMessages areas={["auth"]}>
        <SignInForm next={next} kept={<KeptPayment next={next} />} />
      </AreaMessages>
      <WalletEntry next={next} />
    </SignInFrame>
  );
}
