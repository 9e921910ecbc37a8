import { Store } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { Row, RowIcon, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getClaimPage } from "@/lib/recovery/queries";
import { SecurityPage } from "../../security-page";
import { claimStoresAction, withdrawAsBackupAction } from "../actions";
import { OneButtonForm } from "../one-button-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("recovery"))("title"), robots: { index: false } };
}

/** What a backup may do: nothing, ask for the stores, wait, or go to them. */
export default async function ClaimPage({ params }: PageProps<"/security/recovery/[requestId]">) {
  const { requestId } = await params;
  const actor = await requireActor();
  const [t, locale, page] = await Promise.all([getTranslations("recovery"), getLocale(), getClaimPage(actor, requestId).catch(orNotFound)]);
  const name = page.name ?? t("backedSomebody");
  const isQuiet = page.claimable.length === 0 && page.claimed.length === 0 && page.moved.length === 0;
  return (
    <SecurityPage title={t("claimTitle", { name })} backHref={paths.recovery()}>
      {page.moved.length > 0 ? (
        <RowList label={t("claimStores")}>
          {page.moved.map(({ storeId, storeName }) => (
            <Row key={storeId} leading={<StoreIcon />} title={storeName} line={t("movedText", { store: storeName })} href={paths.store(storeId)} />
          ))}
        </RowList>
      ) : null}
      {page.claimed.map(({ storeName, moveAt }) => (
        <Note key={storeName} tone="caution">
          {t("claimedText", { store: storeName, when: formatDateTime(moveAt, locale) })}
        </Note>
      ))}
      {page.claimable.length > 0 ? (
        <Card aria-labelledby="claim">
          <p className="text-muted">{t("claimLead", { name })}</p>
          <h2 id="claim" className="mt-4 text-heading">
            {t("claimStores")}
          </h2>
          <RowList isFlat label={t("claimStores")}>
            {page.claimable.map((storeName, index) => (
              <Row key={index} leading={<StoreIcon />} title={storeName} />
            ))}
          </RowList>
          <dl className="mt-3 mb-5 grid gap-3">
            {(["moves", "never", "wait"] as const).map((key) => (
              <div key={key}>
                <dt className="font-semibold">{t(`${key}Title`)}</dt>
                <dd className="text-muted">{t(key, { name })}</dd>
              </div>
            ))}
          </dl>
          <AreaMessages areas={[]}>
            <OneButtonForm action={claimStoresAction} requestId={requestId} kind="primary" label={t("claim")} busyLabel={t("claiming")} />
          </AreaMessages>
        </Card>
      ) : null}
      {isQuiet ? (
        <Card aria-labelledby="quiet">
          <h2 id="quiet">{t("quietTitle")}</h2>
          <p className="mt-1 text-muted">{t("quietText", { name })}</p>
        </Card>
      ) : null}
      <OneButtonForm action={withdrawAsBackupAction} requestId={requestId} kind="quiet" label={t("withdraw")} busyLabel={t("withdrawing")} />
    </SecurityPage>
  );
}

const StoreIcon = () => (
  <RowIcon ground="brand">
    <Icon of={Store} />
  </RowIcon>
);

function orNotFound(error: unknown): never {
  if (error instanceof DomainError && error.code === "not_found") notFound();
  throw error;
}
