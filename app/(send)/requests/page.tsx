import { HandCoins } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { EmptyState } from "@/components/empty-state";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { formatCents, formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { listRequests } from "@/lib/requests/queries";
import { RequestChip } from "../request-chip";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("requests"))("listTitle"), robots: { index: false } };
}

/** What the person asked for, newest first, with how each stands. */
export default async function RequestsPage({ searchParams }: PageProps<"/requests">) {
  const [actor, { before }, t, locale] = await Promise.all([requireActor(), searchParams, getTranslations("requests"), getLocale()]);
  const { items, next } = await listRequests(actor, typeof before === "string" ? before : undefined).catch((error: unknown) => {
    if (error instanceof DomainError) notFound();
    throw error;
  });
  const create = (
    <LinkButton href={paths.newRequest()} icon={<Icon of={HandCoins} />} isWide>
      {t("newTitle")}
    </LinkButton>
  );
  return (
    <WalletShell current="home">
      <h1 className="flex min-h-15 items-center px-5 lg:mt-6">{t("listTitle")}</h1>
      {items.length === 0 ? (
        <EmptyState icon={<Icon of={HandCoins} size="large" />} title={t("emptyTitle")} text={t("emptyText")} action={create} />
      ) : (
        <div className="grid gap-4 px-3">
          <RowList label={t("listTitle")}>
            {items.map((request) => (
              <Row
                key={request.id}
                href={paths.request(request.reference)}
                leading={
                  <RowIcon ground={request.state === "paid" ? "positive" : "neutral"}>
                    <Icon of={HandCoins} />
                  </RowIcon>
                }
                title={request.note ?? t("title")}
                line={formatDateTime(request.createdAt, locale)}
                amount={formatCents(request.amountCents, request.currency, locale)}
                state={<RequestChip state={request.state} />}
              />
            ))}
          </RowList>
          {next ? (
            <LinkButton href={paths.requests(next)} kind="soft" size="medium" isWide>
              {t("older")}
            </LinkButton>
          ) : null}
          {create}
        </div>
      )}
    </WalletShell>
  );
}
