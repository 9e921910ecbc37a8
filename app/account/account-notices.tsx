import { Bell, Snowflake } from "lucide-react";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { Actor } from "@/lib/auth/actor";
import { STEP_UP_PURPOSES } from "@/lib/auth/rules";
import { formatBrl, formatDateTime, formatRelative } from "@/lib/money-format";
import { accountNews, type UnreadNotice } from "@/lib/notifications/queries";
import { ASKS_WHETHER_IT_WAS_YOU } from "@/lib/notifications/rules";
import { paths } from "@/lib/paths";
import { cancelWaitAction, dismissNoticeAction, withdrawPhoneChangeAction } from "./actions";
import { ActButton } from "./act-button";
import { FreezeButton } from "./freeze-button";

/** What other devices did to the account and what is still waited for, until it is read; and that the account is frozen. Nothing otherwise. */
export async function AccountNotices({ actor, shown = 2 }: { actor: Pick<Actor, "userId" | "sessionId">; shown?: number }) {
  const { frozenAt, notices } = await accountNews(actor);
  if (!frozenAt && notices.length === 0) return null;
  const [t, security] = await Promise.all([getTranslations("notices"), getTranslations("security")]);
  const [first, rest] = [notices.slice(0, shown), notices.slice(shown)];
  return (
    <AreaMessages areas={["notices", "security"]}>
      <section aria-label={t("title")} className="grid gap-3 print:hidden">
        {frozenAt ? (
          <Note tone="danger" icon={<Icon of={Snowflake} />}>
            <b className="block">{security("frozenTitle")}</b>
            {security("frozenText")}{" "}
            <Link href={paths.devices()} className="inline-flex min-h-6 items-center font-semibold text-danger underline underline-offset-3">
              {security("frozenLink")}
            </Link>
          </Note>
        ) : null}
        {first.length > 0 ? (
          <div className="overflow-hidden rounded-card bg-card shadow-1">
            <NoticeList notices={first} isFrozen={frozenAt !== null} />
            {rest.length > 0 ? (
              <details className="border-t border-line">
                <summary className="flex min-h-11 items-center px-5 text-small font-semibold text-brand-ink">{t("more", { count: rest.length })}</summary>
                <NoticeList notices={rest} isFrozen={frozenAt !== null} />
              </details>
            ) : null}
          </div>
        ) : null}
      </section>
    </AreaMessages>
  );
}

async function NoticeList({ notices, isFrozen }: { notices: UnreadNotice[]; isFrozen: boolean }) {
  const [t, locale, sentenceOf] = await Promise.all([getTranslations("notices"), getLocale(), noticeSentences()]);
  const now = new Date();
  return (
    <ul className="divide-y divide-line">
      {notices.map((notice) => (
        <li key={notice.id} data-testid={`notice-${notice.kind}`} className="flex gap-3 px-5 py-4">
          <Icon of={Bell} className="mt-0.5 text-brand-ink" />
          <div className="min-w-0 flex-1">
            <p className="text-[.9375rem]/[1.3125rem]">{sentenceOf(notice)}</p>
            <p className="mt-0.5 text-small text-muted">{formatRelative(notice.createdAt, now, locale)}</p>
            <div className="mt-2.5 flex flex-wrap gap-2">
              {ASKS_WHETHER_IT_WAS_YOU.has(notice.kind) && !isFrozen ? <FreezeButton label={t("notYou")} /> : null}
              {notice.kind === "step_up_requested" && typeof notice.data["waitId"] === "string" ? (
                <ActButton act={cancelWaitAction} fields={{ waitId: notice.data["waitId"] }} label={t("cancel")} busyLabel={t("cancelling")} />
              ) : null}
              {notice.kind === "phone_change_requested" ? <ActButton act={withdrawPhoneChangeAction} label={t("cancel")} busyLabel={t("cancelling")} /> : null}
              <ActButton act={dismissNoticeAction} fields={{ noticeId: notice.id }} kind="quiet" label={t("dismiss")} busyLabel={t("dismissing")} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A notice in the reader's words; a value that it did not bring is the word "unknown", on which the sentences select. */
async function noticeSentences(): Promise<(notice: UnreadNotice) => string> {
  const [t, security, locale] = await Promise.all([getTranslations("notices"), getTranslations("security"), getLocale()]);
  // The arguments of every kind together are more than the compiler unites; messages.test.ts holds them against each other.
  const say = t as unknown as (key: `kinds.${UnreadNotice["kind"]}`, values: Record<string, string>) => string;
  return ({ kind, data }) => {
    const text = (name: string) => (typeof data[name] === "string" && data[name] ? data[name] : null);
    const purpose = STEP_UP_PURPOSES.find((known) => known === data["purpose"]);
    const network = text("network");
    const device = [text("device"), network && security("network", { network })].filter(Boolean).join(" · ");
    const readyAt = text("readyAt");
    const brlCentavos = text("amountBrlCentavos");
    return say(`kinds.${kind}`, {
      device: device || "unknown",
      phone: text("phone") ?? "unknown",
      name: text("name") || "unknown",
      purpose: purpose ? security(`purposes.${purpose}`) : "unknown",
      when: readyAt ? formatDateTime(new Date(readyAt), locale) : "unknown",
      store: text("store") ?? "unknown",
      amount: brlCentavos && /^\d{1,15}$/.test(brlCentavos) ? formatBrl(BigInt(brlCentavos), locale) : "unknown",
    });
  };
}
