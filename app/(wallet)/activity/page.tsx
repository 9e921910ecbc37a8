import { ScanLine, Plus } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { listActivity } from "@/lib/payments/queries";
import { WalletShell } from "../wallet-shell";
import { ActivityList } from "./activity-list";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("wallet");
  return { title: t("activityTitle"), robots: { index: false } };
}

/** Everything that moved a person's money, newest first. `before` is the key of an older page, for browsers without scripts. */
export default async function ActivityPage({ searchParams }: PageProps<"/activity">) {
  const [actor, { before }, t] = await Promise.all([requireActor(), searchParams, getTranslations("wallet")]);
  const page = await listActivity(actor, typeof before === "string" ? { before } : {}).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const first = page.items[0];
  return (
    <WalletShell current="activity">
      <LiveRefresh url={paths.liveMe()} />
      <h1 className="flex min-h-15 items-center px-5 lg:mt-6">{t("activityTitle")}</h1>
      {first ? (
        <AreaMessages areas={["wallet"]}>
          {/* A new first row begins the list anew; otherwise what was loaded stays. */}
          <ActivityList key={`${first.id}:${typeof before === "string" ? before : ""}`} newest={page.items} next={page.next} now={new Date()} />
        </AreaMessages>
      ) : (
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
      )}
    </WalletShell>
  );
}
