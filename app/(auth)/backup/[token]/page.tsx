import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SignInFrame } from "@/app/(auth)/login/sign-in-frame";
import { AreaMessages } from "@/components/area-messages";
import { optionalActor } from "@/lib/auth/session";
import { getBackupInvitation } from "@/lib/recovery/queries";
import { AnswerForm } from "./answer-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recovery"))("title"), robots: { index: false }, referrer: "no-referrer" };
}

/** Where the link of the text message leads: who asks, what it means, yes or no. */
export default async function BackupInvitationPage({ params }: PageProps<"/backup/[token]">) {
  const { token } = await params;
  const actor = await optionalActor();
  const [t, invitation] = await Promise.all([getTranslations("recovery"), getBackupInvitation(token, actor)]);
  if (!invitation) {
    return (
      <SignInFrame>
        <h1 className="mt-7">{t("goneTitle")}</h1>
        <p className="mt-3 text-muted">{t("goneText")}</p>
      </SignInFrame>
    );
  }
  const name = invitation.name ?? t("backedSomebody");
  return (
    <SignInFrame>
      <h1 className="mt-7">{t("inviteTitle", { name })}</h1>
      <p className="mt-3 text-muted">{t("inviteText", { name })}</p>
      <p className="mt-3 text-muted">{t("inviteNoDuty")}</p>
      <AreaMessages areas={["recovery"]}>
        <AnswerForm token={token} name={name} phoneEnd={invitation.phoneEnd} visitor={invitation.isThisPhone === null ? "stranger" : invitation.isThisPhone ? "asked" : "other"} />
      </AreaMessages>
    </SignInFrame>
  );
}
