import { Check } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SignInFrame } from "@/app/(auth)/login/sign-in-frame";
import { AreaMessages } from "@/components/area-messages";
import { Tile } from "@/components/tile";
import { tileSeed } from "@/components/tile-art";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { optionalActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { getInvitation } from "@/lib/team/queries";
import { can, SHOWN_PERMISSIONS, wordsKey } from "@/lib/team/rules";
import { AnswerForm } from "./answer-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("team"))("title"), robots: { index: false }, referrer: "no-referrer" };
}

/** Where the link of the text message leads: which store, as what, by whom, what one will be able to do; yes or no. */
export default async function InvitationPage({ params }: PageProps<"/invite/[token]">) {
  const { token } = await params;
  const actor = await optionalActor();
  const [t, team, roles, invitation] = await Promise.all([getTranslations("invitations"), getTranslations("team"), getTranslations("store.roles"), getInvitation(token, actor)]);
  if (!invitation) return <Ended title={t("goneTitle")} text={t("goneText")} />;
  const { storeId, storeName, qrVersion, role, inviterName, state, phoneEnd, visitor } = invitation;
  if (visitor === "member") {
    return (
      <Ended title={t("memberTitle", { store: storeName })} text={t("memberText")}>
        <LinkButton href={paths.store(storeId)} isWide>
          {t("openStore", { store: storeName })}
        </LinkButton>
      </Ended>
    );
  }
  if (state !== "open") return <Ended title={t(`${state}Title`)} text={t(`${state}Text`)} />;
  return (
    <SignInFrame>
      <div className="mt-7">
        <Tile seed={tileSeed(storeId, qrVersion)} size={84} />
      </div>
      <h1 className="mt-5">{t("heading", { name: inviterName ?? t("somebody"), store: storeName })}</h1>
      <p className="mt-3 flex items-center gap-2 text-muted">
        {t("role")} <Chip tone="brand">{roles(role)}</Chip>
      </p>
      <h2 className="mt-6 text-heading">{t("mayTitle")}</h2>
      <ul className="mt-2 grid gap-2">
        {SHOWN_PERMISSIONS.filter((permission) => can(role, permission)).map((permission) => (
          <li key={permission} className="flex items-start gap-2.5">
            <Icon of={Check} className="mt-0.5 text-positive" />
            {team(`can.${wordsKey(permission)}`)}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-small text-muted">{t("mayNot")}</p>
      <p className="mt-1 text-small text-muted">{t("validUntil", { end: phoneEnd })}</p>
      <AreaMessages areas={["invitations"]}>
        <AnswerForm token={token} phoneEnd={phoneEnd} visitor={visitor} />
      </AreaMessages>
    </SignInFrame>
  );
}

/** Nothing to answer: why, and a way on. */
async function Ended({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  const t = await getTranslations("invitations");
  return (
    <SignInFrame>
      <h1 className="mt-7">{title}</h1>
      <p className="mt-3 mb-6 text-muted">{text}</p>
      {children ?? (
        <LinkButton href={paths.home()} kind="outline" isWide>
          {t("home")}
        </LinkButton>
      )}
    </SignInFrame>
  );
}
