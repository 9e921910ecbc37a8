import { UserRound } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { formatDate, formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getRecovery, type MyBackup } from "@/lib/recovery/queries";
import { SecurityPage } from "../security-page";
import { removeBackupAction } from "./actions";
import { AskBackupForm } from "./ask-backup-form";
import { OneButtonForm } from "./one-button-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recovery"))("title"), robots: { index: false } };
}

/** Who looks after the stores when their owner is away for long, and for whom this person does. */
export default async function RecoveryPage() {
  const actor = await requireActor();
  const [t, locale, { backup, past, backed }] = await Promise.all([getTranslations("recovery"), getLocale(), getRecovery(actor)]);
  return (
    <SecurityPage title={t("title")}>
      {past.map(({ storeName, claimedAt, endedAt, isDone }) => (
        <Note key={`${storeName}${claimedAt.getTime()}`} tone={isDone ? "caution" : "info"}>
          {t(isDone ? "pastDone" : "pastCancelled", { store: storeName, when: formatDate(endedAt, locale) })}
        </Note>
      ))}
      <AreaMessages areas={["recovery", "auth"]}>
        <BackupCard backup={backup} />
      </AreaMessages>
      <Card aria-labelledby="means">
        <h2 id="means" className="text-heading">
          {t("meansTitle")}
        </h2>
        <ul className="mt-2 grid list-disc gap-2 pl-5 text-muted">
          {(["meansAway", "meansWarned", "meansMoves", "meansStays"] as const).map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </Card>
      {backed.length > 0 ? (
        <section aria-labelledby="backed">
          <h2 id="backed" className="px-2 pt-2 pb-2 text-heading">
            {t("backedTitle")}
          </h2>
          <RowList>
            {backed.map(({ requestId, name, canClaim, moveAt }) => (
              <Row
                key={requestId}
                leading={
                  <RowIcon ground={canClaim ? "caution" : "neutral"}>
                    <Icon of={UserRound} />
                  </RowIcon>
                }
                title={name ?? t("backedSomebody")}
                line={moveAt ? t("backedMoves", { when: formatDateTime(moveAt, locale) }) : t(canClaim ? "backedCanClaim" : "backedQuiet")}
                href={paths.recoveryClaim(requestId)}
              />
            ))}
          </RowList>
        </section>
      ) : null}
    </SecurityPage>
  );
}

async function BackupCard({ backup }: { backup: MyBackup | null }) {
  const [t, locale] = await Promise.all([getTranslations("recovery"), getLocale()]);
  if (backup?.status === "asked" || backup?.status === "accepted") {
    const isAsked = backup.status === "asked";
    return (
      <Card aria-labelledby="backup">
        <h2 id="backup">{t(isAsked ? "askedTitle" : "acceptedTitle")}</h2>
        <p className="mt-1 mb-4 text-muted">{isAsked ? t("askedText", { phone: backup.phone, when: formatDateTime(backup.expiresAt, locale) }) : t("acceptedText", { phone: backup.phone, when: formatDate(backup.answeredAt ?? backup.expiresAt, locale) })}</p>
        <OneButtonForm action={removeBackupAction} label={t(isAsked ? "cancelAsk" : "remove")} busyLabel={t("removing")} />
      </Card>
    );
  }
  return (
    <Card aria-labelledby="backup">
      <h2 id="backup">{t("nobodyTitle")}</h2>
      <p className="mt-1 text-muted">{t("nobodyLead")}</p>
      {backup?.status === "declined" || backup?.status === "expired" ? (
        <div className="mt-3">
          <Note tone="neutral">{t(backup.status, { phone: backup.phone })}</Note>
        </div>
      ) : null}
      <AskBackupForm />
    </Card>
  );
}
