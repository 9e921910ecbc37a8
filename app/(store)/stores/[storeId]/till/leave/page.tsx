import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/session";
import { paths, safeNext } from "@/lib/paths";
import { getSharedTill } from "@/lib/team/till-queries";
import { orNotFound } from "../../../../or-not-found";
import { LeaveForm } from "./leave-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sharedtill"))("leaving.title") };
}

/** The way from a shared till back to the account of whoever signed in there: every page beyond the till leads here. */
export default async function LeaveSharedTillPage({ params, searchParams }: PageProps<"/stores/[storeId]/till/leave">) {
  const [{ storeId }, { next }] = await Promise.all([params, searchParams]);
  const actor = await requireActor();
  const till = await orNotFound(getSharedTill(actor, storeId));
  const after = typeof next === "string" ? safeNext(next) : null;
  if (!till) redirect(after ?? paths.till(storeId));
  const t = await getTranslations("sharedtill");
  const name = till.ownName ?? t("somebody");
  return (
    <main id="content" className="mx-auto min-h-dvh max-w-[480px] pb-10">
      <PageHeader title={t("leaving.title")} backHref={paths.till(storeId)} />
      <div className="px-5 pt-4">
        <p className="text-muted">{t("leaving.lead", { name })}</p>
        <AreaMessages areas={["sharedtill"]}>
          <LeaveForm storeId={storeId} name={name} next={after} />
        </AreaMessages>
      </div>
    </main>
  );
}
