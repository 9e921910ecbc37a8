import { BadgeCheck, CircleX, Clock, Hourglass, IdCard, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RefreshUntilReady } from "@/app/(pay)/refresh-until-ready";
import { buttonStyle } from "@/components/ui/button-style";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Spinner } from "@/components/ui/spinner";
import type { IdentityView } from "@/lib/topups/queries";
import { IdentityForm } from "./identity-form";

const ICONS: Record<IdentityView["status"], LucideIcon> = { none: IdCard, requested: IdCard, open: IdCard, processing: Hourglass, approved: BadgeCheck, rejected: CircleX, expired: Clock };

const SELDOM_MS = 6_000;

/** Where the person stands with the partner's identity check, and the next step. What works without it is said each time. */
export function IdentityCard({ identity: { status, url, mayTryAgain } }: { identity: IdentityView }) {
  const t = useTranslations("topups");
  const link = url ? (
    <a href={url} rel="noreferrer" className={buttonStyle({ isWide: true })}>
      {t("identity.open")}
    </a>
  ) : null;
  // News come by themselves; whoever was not connected when they came hears of them here.
  const watching = <RefreshUntilReady everyMs={SELDOM_MS} />;
  const STATES: Record<Exclude<IdentityView["status"], "approved">, { title: string; text: string; next: ReactNode }> = {
    none: { title: t("identity.noneTitle"), text: t("identity.noneText"), next: <IdentityForm label={t("identity.start")} /> },
    requested: {
      title: t("identity.requestedTitle"),
      text: t("identity.requestedText"),
      next: (
        <p className="flex items-center justify-center gap-2 text-muted">
          <Spinner /> {t("identity.starting")}
          <RefreshUntilReady />
        </p>
      ),
    },
    open: { title: t("identity.openTitle"), text: t("identity.openText"), next: <>{link}{watching}</> },
    processing: { title: t("identity.processingTitle"), text: t("identity.processingText"), next: watching },
    rejected: {
      title: t("identity.rejectedTitle"),
      text: t(mayTryAgain ? "identity.rejectedText" : "identity.rejectedFinal"),
      next: mayTryAgain ? <IdentityForm label={t("identity.again")} /> : null,
    },
    expired: { title: t("identity.expiredTitle"), text: t("identity.expiredText"), next: <IdentityForm label={t("identity.newLink")} /> },
  };
  if (status === "approved") return null;
  const { title, text, next } = STATES[status];
  return (
    <div className="flex flex-1 flex-col gap-4 px-5 pt-4">
      <section role="status" aria-labelledby="identity" className="grid justify-items-center rounded-card bg-card px-5 py-7 text-center shadow-1">
        <span className="grid size-14 place-items-center rounded-[18px] bg-brand-soft text-brand-ink">
          <Icon of={ICONS[status]} size="nav" />
        </span>
        <h2 id="identity" className="mt-4 text-heading">
          {title}
        </h2>
        <p className="mt-2 max-w-[40ch] text-muted">{text}</p>
      </section>
      <Note tone="neutral">{t("stillWorks")}</Note>
      <div className="mt-auto grid gap-2">
        {next}
        <p className="text-center text-caption text-muted">{t("partner")}</p>
      </div>
    </div>
  );
}
