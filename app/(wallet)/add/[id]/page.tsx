import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { paths } from "@/lib/paths";
import { getTopUp, type TopUpView } from "@/lib/topups/queries";
import { CodeCard } from "./code-card";
import { Ended } from "./ended";
import { PriceCard, Preparing } from "./price-card";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("topups"))("title"), robots: { index: false } };
}

/** One address for the whole life of a top-up: price, code, on its way, and every end. Survives reload and a closed tab. */
export default async function TopUpPage({ params }: PageProps<"/add/[id]">) {
  const actor = await requireActor();
  const { id } = await params;
  const [t, locale, view] = await Promise.all([getTranslations("topups"), getLocale(), readTopUp(actor, id)]);
  return (
    <PayShell>
      <PageHeader title={t("title")} backHref={paths.addMoney()} />
      <LiveRefresh url={paths.liveMe()} />
      <AreaMessages areas={["topups"]}>
        <main id="content" className="flex flex-1 flex-col gap-4 px-5 pb-5">
          {view.shown === "quoting" || view.shown === "opening" || (view.shown === "quoted" && view.isConfirmed) ? (
            <Preparing view={view} />
          ) : view.shown === "quoted" && view.price ? (
            <PriceCard view={view} price={view.price} />
          ) : view.code ? (
            <CodeCard view={view} code={view.code} locale={locale} />
          ) : (
            <Ended view={view} locale={locale} />
          )}
        </main>
      </AreaMessages>
    </PayShell>
  );
}

async function readTopUp(person: { userId: string }, topUpId: string): Promise<TopUpView> {
  try {
    return await getTopUp(person, topUpId);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
}
