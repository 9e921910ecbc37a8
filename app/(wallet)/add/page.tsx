import { ArrowDownLeft } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { PageHeader } from "@/components/page-header";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { newId } from "@/lib/ids";
import { paths } from "@/lib/paths";
import { getAddPage } from "@/lib/topups/queries";
import { AddForm } from "./add-form";
import { IdentityCard } from "./identity-card";
import { RecentTopUps } from "./recent-top-ups";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("topups"))("title"), robots: { index: false } };
}

/** Reais to dollars: the identity check first, then an amount, and below what was or is under way. */
export default async function AddMoneyPage() {
  const actor = await requireActor();
  const [t, locale, { isOffered, identity, rate, recent }] = await Promise.all([getTranslations("topups"), getLocale(), getAddPage(actor)]);
  return (
    <PayShell>
      <PageHeader title={t("title")} backHref={paths.home()} />
      <LiveRefresh url={paths.liveMe()} />
      <AreaMessages areas={["topups"]}>
        <main id="content" className="flex flex-1 flex-col gap-4 pb-5">
          {!isOffered ? (
            <div className="px-5">
              <Note tone="info">{t("notOffered")}</Note>
            </div>
          ) : identity.status === "approved" ? (
            <AddForm newKey={newId()} brlPerUsdMicros={rate.brlPerUsdMicros} rateAt={rate.quotedAt} />
          ) : (
            <IdentityCard identity={identity} />
          )}
          <Link href={paths.receive()} className="mx-auto flex min-h-11 w-fit items-center gap-2 px-3 text-small font-semibold text-brand-ink">
            <Icon of={ArrowDownLeft} size="chip" />
            {t("receive")}
          </Link>
          <RecentTopUps recent={recent} locale={locale} />
        </main>
      </AreaMessages>
    </PayShell>
  );
}
