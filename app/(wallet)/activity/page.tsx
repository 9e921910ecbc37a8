import { ScanLine, Plus, SearchX } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { listActivity, listActivityStores } from "@/lib/activity/queries";
import { filterOf, isFiltered, queryOf } from "@/lib/activity/rules";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { WalletShell } from "../wallet-shell";
import { ActivityFile } from "./activity-file";
import { ActivityFilters } from "./activity-filters";
import { ActivityList } from "./activity-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallet");
  return { title: t("activityTitle"), robots: { index: false } };
}

/** Everything that moved a person's money, newest first. The address holds the filter, and `before`, the key of an older page for browsers without scripts. */
export default async function ActivityPage({ searchParams }: PageProps<"/activity">) {
  const [actor, query] = await Promise.all([requireActor(), searchParams]);
  const filter = filterOf(query);
  const before = typeof query["before"] === "string" ? query["before"] : undefined;
  const [t, words, page, stores] = await Promise.all([
    getTranslations("wallet"),
    getTranslations("activity"),
    listActivity(actor, { before, filter }).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === "not_found") notFound();
      throw error;
    }),
    listActivityStores(actor),
  ]);
  const first = page.items[0];
  const isEverything = !isFiltered(filter) && before === undefined;
  return (
    <WalletShell current="activity">
      <LiveRefresh url={paths.liveMe()} />
      <h1 className="flex min-h-15 items-center px-5 lg:mt-6">{t("activityTitle")}</h1>
      {first || !isEverything ? <ActivityFilters filter={filter} stores={stores} /> : null}
      {first ? (
        <>
          <AreaMessages areas={["wallet", "activity"]}>
            {/* A new first row or another filter begins the list anew; otherwise what was loaded stays. */}
            <ActivityList key={`${first.id}:${before ?? ""}:${JSON.stringify(queryOf(filter))}`} newest={page.items} next={page.next} query={queryOf(filter)} now={new Date()} />
          </AreaMessages>
          <ActivityFile query={queryOf(filter)} />
        </>
      ) : isEverything ? (
        <EmptyState
          icon={<Icon of={Plus} size="large" />}
          title={t("activityEmptyTitle")}
          text={t("activityEmptyText")}
          action={
            <LinkButton href={paths.scan()} icon={<Icon of={ScanLine} />}>
              {t("payStore")}
            </LinkButton>
          }
        />
      ) : (
        <EmptyState
          icon={<Icon of={SearchX} size="large" />}
          title={words("noneTitle")}
          text={words("noneText")}
          action={
            <LinkButton href={paths.activity()} kind="soft">
              {words("clear")}
            </LinkButton>
          }
        />
      )}
    </WalletShell>
  );
}
