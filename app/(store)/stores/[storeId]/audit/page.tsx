import { ListFilter, ScrollText } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Select } from "@/components/ui/select";
import { isTrailKind, TRAIL_KINDS, type TrailKind } from "@/lib/audit/rules";
import { getStoreTrail } from "@/lib/audit/store-trail";
import { requireActor } from "@/lib/auth/session";
import { isId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../or-not-found";
import { StorePage } from "../store-page";
import { TrailItem } from "./trail-item";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("audit"))("title") };
}

const KINDS = Object.keys(TRAIL_KINDS).filter(isTrailKind);

/** The owner's view of everything that was done in the store's name; the address holds the filter and the key of an older page. */
export default async function AuditPage({ params, searchParams }: PageProps<"/stores/[storeId]/audit">) {
  const [{ storeId }, query, actor] = await Promise.all([params, searchParams, requireActor()]);
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const kind: TrailKind | null = typeof query["kind"] === "string" && isTrailKind(query["kind"]) ? query["kind"] : null;
  const personId = typeof query["person"] === "string" && isId(query["person"]) ? query["person"] : null;
  const before = typeof query["before"] === "string" && query["before"] !== "" ? query["before"] : null;
  const { lines, next, people } = await orNotFound(getStoreTrail(actor, storeId, { kind, personId, before }));
  const [t, locale] = await Promise.all([getTranslations("audit"), getLocale()]);
  const kept = { ...(kind ? { kind } : {}), ...(personId ? { person: personId } : {}) };
  return (
    <StorePage actor={actor} store={store} role={role} current="audit">
      <h1>{t("title")}</h1>
      <p className="mt-1 text-muted">{t("lead")}</p>
      <form action={paths.storeAudit(storeId)} className="mt-5 grid gap-3 sm:grid-cols-[minmax(0,240px)_minmax(0,240px)_auto] sm:items-end">
        <Select name="kind" label={t("kind")} size="medium" defaultValue={kind ?? ""} options={[{ value: "", label: t("everything") }, ...KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))]} />
        <Select name="person" label={t("person")} size="medium" defaultValue={personId ?? ""} options={[{ value: "", label: t("anyone") }, ...people.map(({ id, name }) => ({ value: id, label: name ?? t("removed") }))]} />
        <div className="flex flex-wrap gap-2">
          <button type="submit" className={buttonStyle({ kind: "soft", size: "medium" })}>
            <Icon of={ListFilter} size="chip" />
            {t("apply")}
          </button>
          {kind || personId ? (
            <LinkButton kind="quiet" size="medium" href={paths.storeAudit(storeId)}>
              {t("clear")}
            </LinkButton>
          ) : null}
        </div>
      </form>
      <Card isFlush className="mt-5 overflow-hidden">
        {lines.length === 0 ? (
          <EmptyState icon={<Icon of={ScrollText} size="large" />} title={t("emptyTitle")} text={t("emptyText")} />
        ) : (
          <ol aria-label={t("title")} className="divide-y divide-line">
            {lines.map((line) => (
              <TrailItem key={line.id} line={line} timeZone={store.timeZone} locale={locale} />
            ))}
          </ol>
        )}
      </Card>
      {next || before ? (
        <nav aria-label={t("title")} className="mt-5 flex flex-wrap gap-2">
          {before ? (
            <LinkButton kind="quiet" size="medium" href={paths.storeAudit(storeId, kept)}>
              {t("newest")}
            </LinkButton>
          ) : null}
          {next ? (
            <LinkButton kind="soft" size="medium" href={paths.storeAudit(storeId, { ...kept, before: next })}>
              {t("older")}
            </LinkButton>
          ) : null}
        </nav>
      ) : null}
    </StorePage>
  );
}
