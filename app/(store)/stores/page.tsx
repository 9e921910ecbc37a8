import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { PageHeader } from "@/components/page-header";
import { StoreMark } from "@/components/store-mark";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Row, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { listMyStores } from "@/lib/stores/queries";
import { invitationsFor } from "@/lib/team/queries";
import { MyInvitations } from "./my-invitations";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("store"))("storesTitle") };
}

/** The stores that a person works in. Whoever has one store goes straight there, unless the list was asked for (`?list=1`). */
export default async function StoresPage({ searchParams }: PageProps<"/stores">) {
  const actor = await requireActor();
  const [stores, invitations] = await Promise.all([listMyStores(actor), invitationsFor(actor)]);
  const [only] = stores;
  if (only && stores.length === 1 && invitations.length === 0 && (await searchParams).list === undefined) redirect(paths.store(only.store.id));
  const [t, settings] = await Promise.all([getTranslations("store"), getTranslations("settings")]);
  return (
    <main id="content" className="mx-auto min-h-dvh max-w-[560px] pb-10">
      <PageHeader title={t("storesTitle")} backHref={paths.home()} />
      <div className="px-5 pt-4">
        {invitations.length > 0 ? <MyInvitations invitations={invitations} /> : null}
        {stores.length === 0 ? (
          <EmptyState title={t("storesEmptyTitle")} text={t("storesEmptyText")} action={<LinkButton href={paths.newStore()}>{t("open")}</LinkButton>} />
        ) : (
          <>
            <RowList label={t("storesTitle")}>
              {stores.map(({ store, role, readiness }) => (
                <Row
                  key={store.id}
                  href={paths.store(store.id)}
                  leading={<StoreMark store={store} />}
                  title={store.name}
                  line={`${t(`roles.${role}`)} · ${store.shortCode}`}
                  state={store.closedAt ? settings("closedTitle") : readiness === "ready" ? undefined : t(`readiness.${readiness}`)}
                />
              ))}
            </RowList>
            <div className="mt-5 grid">
              <LinkButton kind="soft" href={paths.newStore()} icon={<Icon of={Plus} />}>
                {t("openAnother")}
              </LinkButton>
            </div>
          </>
        )}
      </div>
    </main>
  );
}
