import { CircleAlert } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { MessagePage } from "@/components/message-page";
import { PageHeader } from "@/components/page-header";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { isId } from "@/lib/ids";
import { findClaims } from "@/lib/loans/claim-bonus";
import { openClaim } from "@/lib/loans/quote";
import { refreshClaim } from "@/lib/loans/quote-claim";
import { paths } from "@/lib/paths";
import { shownClaim } from "../shown-claim";
import { ReviewClaim } from "./review-claim";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("bonus");
  return { title: t("title"), robots: { index: false } };
}

/** Everything that a claim or a repayment means, before it is asked for. A key that was used leads to what it made. */
export default async function ReviewClaimPage({ searchParams }: PageProps<"/bonus/review">) {
  const [{ k, q }, actor, t] = await Promise.all([searchParams, requireActor(), getTranslations("bonus")]);
  if (typeof k === "string") {
    const [first, ...more] = await findClaims(actor.userId, k);
    if (first) redirect(more.length === 0 ? paths.bonusClaim(first) : paths.bonus());
  }
  try {
    if (typeof k !== "string" || !isId(k) || typeof q !== "string") throw new DomainError("quote_invalid");
    const asked = openClaim(q, actor.userId);
    const hasEnded = asked.expiresAt <= new Date();
    const claim = await shownClaim(actor, hasEnded ? await refreshClaim(actor, q) : { quote: asked, signed: q });
    const loanId = asked.items[0]?.loan?.id;
    return (
      <PayShell>
        <PageHeader title={t(`reviewTitle.${claim.way}`)} backHref={claim.way === "repayment" && loanId ? paths.advance(loanId) : paths.bonus()} />
        <main id="content" className="flex flex-1 flex-col gap-3 px-5 pt-1 pb-5">
          <AreaMessages areas={["bonus"]}>
            <ReviewClaim claimKey={k} initial={claim} endedUsdMicros={hasEnded ? asked.items.reduce((sum, { netUsdMicros }) => sum + netUsdMicros, 0n) : null} />
          </AreaMessages>
        </main>
      </PayShell>
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errorText = await getErrorText();
    return (
      <MessagePage icon={<Icon of={CircleAlert} size="large" />} title={t("problem")} text={errorText(error.code, error.details)} actions={<LinkButton href={paths.bonus()}>{t("back")}</LinkButton>} />
    );
  }
}
