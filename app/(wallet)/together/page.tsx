import { CircleCheck, CloudOff } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { PageHeader } from "@/components/page-header";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Row, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { findMovable, type Movable } from "@/lib/consolidation/find-movable";
import { openConsolidations } from "@/lib/consolidation/queries";
import { newId } from "@/lib/ids";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths, safeNext } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { WalletShell } from "../wallet-shell";
import { TogetherForm, type Choice } from "./together-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("together");
  return { title: t("title"), robots: { index: false } };
}

/** What a person has in other places, what it takes to bring it here, and one button. `next` leads back to a payment afterwards. */
export default async function TogetherPage({ searchParams }: PageProps<"/together">) {
  const actor = await requireActor();
  const { next: asked } = await searchParams;
  const next = typeof asked === "string" ? safeNext(asked) : undefined;
  const [t, locale, rate, { movable, isComplete }, open] = await Promise.all([getTranslations("together"), getLocale(), currentRate(new Date()), findMovable(actor.userId), openConsolidations(actor)]);
  const inReais = (usdMicros: bigint) => formatBrl(brlCentavosFromUsd(usdMicros, rate.brlPerUsdMicros), locale);
  const nameOf = ({ store }: Pick<Movable, "store">) => (store ? t("rewardsOf", { store: store.name }) : t("dollars"));
  const timeOf = (seconds: number) => (seconds < 120 ? t("seconds", { count: seconds }) : t("minutes", { count: Math.round(seconds / 60) }));
  const choices = movable.map((move): Choice => ({
    what: move.store?.id ?? "dollars",
    fromChainId: move.fromChainId,
    units: move.units.toString(),
    fee: move.maxFeeUsdMicros.toString(),
    name: nameOf(move),
    amount: inReais(move.valueUsdMicros),
    beside: move.store ? t("worth", { amount: formatUsd(move.valueUsdMicros, locale) }) : formatUsd(move.valueUsdMicros, locale),
    time: timeOf(move.usualSeconds),
    // Rounded up to the cent: never more than the screen says.
    cost: move.maxFeeUsdMicros === 0n ? t("free") : t("upTo", { amount: formatUsd(((move.maxFeeUsdMicros + 9_999n) / 10_000n) * 10_000n, locale) }),
    tile: move.store ? { storeId: move.store.id, qrVersion: move.store.qrVersion } : null,
  }));
  return (
    <WalletShell current="home">
      <LiveRefresh url={paths.liveMe()} />
      <div className="lg:mt-6">
        <PageHeader title={t("title")} backHref={next ?? paths.home()} />
      </div>
      <div className="grid gap-4 px-5 pt-2 pb-6">
        {choices.length > 0 || open.length > 0 ? <p className="text-muted">{t(next ? "forPayment" : "lead")}</p> : null}
        {open.length > 0 ? (
          <section aria-labelledby="open">
            <h2 id="open" className="mb-2 font-sans text-label tracking-normal">
              {t("open")}
            </h2>
            <RowList label={t("open")}>
              {open.map((one) => (
                <Row key={one.id} title={nameOf(one)} amount={inReais(one.valueUsdMicros)} state={t("working")} href={paths.consolidation(one.id, next)} />
              ))}
            </RowList>
          </section>
        ) : null}
        {isComplete ? null : <Note tone="caution">{t("incomplete")}</Note>}
        {choices.length > 0 ? (
          <AreaMessages areas={["together"]}>
            <TogetherForm formKey={newId()} choices={choices} next={next} />
          </AreaMessages>
        ) : open.length > 0 ? null : (
          <EmptyState
            icon={<Icon of={isComplete ? CircleCheck : CloudOff} size="large" />}
            title={t(isComplete ? "emptyTitle" : "notNowTitle")}
            text={t(isComplete ? "emptyText" : "notNowText")}
            action={<LinkButton href={isComplete ? (next ?? paths.home()) : paths.together(next)}>{t(isComplete ? (next ? "backToPayment" : "toHome") : "again")}</LinkButton>}
          />
        )}
      </div>
    </WalletShell>
  );
}
