import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { SignInFrame } from "@/app/(auth)/login/sign-in-frame";
import { AreaMessages } from "@/components/area-messages";
import { LinkButton } from "@/components/ui/link-button";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { getSend, readClaimLink } from "@/lib/transfers/queries";
import { OneButton } from "../../sends/[id]/one-button";
import { otherPhoneAction } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("receive"))("claimTitle"), robots: { index: false }, referrer: "no-referrer" };
}

/** Where the link of the text message leads. Only the phone that got it learns anything; a wrong link and another's look alike. */
export default async function ClaimPage({ params }: PageProps<"/claim/[secret]">) {
  const { secret } = await params;
  const [actor, t, common] = await Promise.all([optionalActor(), getTranslations("receive"), getTranslations("common")]);
  const link = await readClaimLink(secret, actor);
  if (link.kind === "yours" && actor) {
    const isThere = await getSend(actor, link.sendId).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DomainError) return false;
        throw error;
      },
    );
    if (isThere) redirect(paths.sent(link.sendId));
    return (
      <SignInFrame>
        <h1 className="mt-7">{t("claimOverTitle")}</h1>
        <p className="mt-3 text-muted">{t("claimOverText")}</p>
        <div className="mt-6">
          <LinkButton href={paths.home()} isWide>
            {common("home")}
          </LinkButton>
        </div>
      </SignInFrame>
    );
  }
  const isStranger = link.kind === "strangers";
  return (
    <SignInFrame>
      <h1 className="mt-7">{t(isStranger ? "claimStrangerTitle" : "claimOtherTitle")}</h1>
      <p className="mt-3 text-muted">{t(isStranger ? "claimStrangerText" : "claimOtherText")}</p>
      <div className="mt-6 grid gap-2">
        {isStranger ? (
          <LinkButton href={paths.login(paths.claim(encodeURIComponent(secret)))} isWide>
            {t("claimSignIn")}
          </LinkButton>
        ) : (
          <>
            <AreaMessages areas={["receive"]}>
              <OneButton name="secret" value={secret.slice(0, 40)} action={otherPhoneAction} label={t("claimOtherAction")} busyLabel={t("claimOtherAction")} />
            </AreaMessages>
            <LinkButton href={paths.home()} kind="quiet" isWide>
              {common("home")}
            </LinkButton>
          </>
        )}
      </div>
    </SignInFrame>
  );
}
