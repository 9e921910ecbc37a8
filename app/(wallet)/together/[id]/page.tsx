import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { signingOf } from "@/app/sign/signing";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { MoneyDisplay } from "@/components/money";
import { PageHeader } from "@/components/page-header";
import { RefreshEvery } from "@/components/refresh-every";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { requireActor } from "@/lib/auth/session";
import { consolidationOf } from "@/lib/consolidation/queries";
import { isOver } from "@/lib/consolidation/rules";
import { consolidationToSign } from "@/lib/consolidation/to-sign";
import { DomainError } from "@/lib/errors";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths, safeNext } from "@/lib/paths";
import { currentRate } from "@/lib/rates/queries";
import { WalletShell } from "../../wallet-shell";
import { Details } from "./details";
import { SignStep } from "./sign-step";
import { Steps } from "./steps";

/** A lost hint costs three seconds. */
const WATCH_MS = 3_000;

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("together");
  return { title: t("progressTitle"), robots: { index: false } };
}

const readView = (actor: { userId: string }, id: string) =>
  consolidationOf(actor, id).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });

/** One address for the whole way: where the money is, what comes next, why it waits, and the way back to what it was needed for. */
export default async function ConsolidationPage({ params, searchParams }: PageProps<"/together/[id]">) {
  const actor = await requireActor();
  const [{ id }, { next: asked }] = await Promise.all([params, searchParams]);
  const next = typeof asked === "string" ? safeNext(asked) : undefined;
  const view = await readView(actor, id);
  const [t, locale, rate, toSign, signing] = await Promise.all([getTranslations("together"), getLocale(), currentRate(new Date()), consolidationToSign(actor, id), signingOf(actor)]);
  const { stage, kind, store, problem } = view;
  const reais = brlCentavosFromUsd(view.valueUsdMicros, rate.brlPerUsdMicros);
  const name = store ? t("rewardsOf", { store: store.name }) : t("dollars");
  const paidUsdMicros = kind === "dollars" && view.arrivedUnits !== null ? view.units - view.arrivedUnits : 0n;
  const isUnsigned = toSign !== null && signing !== null;
  const heading = stage === "arrived" ? t("arrivedTitle") : stage === "failed" ? t("failedTitle") : isUnsigned ? t("signTitle") : t("working");
  return (
    <WalletShell current="home">
      <LiveRefresh url={paths.liveMe()} />
      {isOver(stage) ? null : <RefreshEvery ms={WATCH_MS} />}
      <div className="lg:mt-6">
        <PageHeader title={t("progressTitle")} backHref={next ?? paths.home()} />
      </div>
      <div className="grid gap-4 px-5 pt-2 pb-6">
        <div className="text-center" role="status">
          <h2 className="text-[1.625rem]/[2rem]">{heading}</h2>
          <p className="mt-2">
            <MoneyDisplay amount={reais} currency="BRL" size="m" />
          </p>
          <p className="text-muted">
            {name} · <span className="tabular-nums">{formatUsd(view.valueUsdMicros, locale)}</span>
          </p>
        </div>
        {problem && !isOver(stage) ? <Note tone="caution">{t(`problems.${problem}`)}</Note> : null}
        {isUnsigned ? (
          <AreaMessages areas={["together", "signing", "wallets"]}>
            <p className="text-muted">{t("signText")}</p>
            <SignStep toSign={toSign} signing={signing} />
          </AreaMessages>
        ) : null}
        <Card aria-labelledby="where">
          <h3 id="where" className="font-sans text-label tracking-normal text-muted">
            {t("where")}
          </h3>
          <p className="mt-1 font-semibold" data-testid="consolidation-place" data-stage={stage}>
            {t(`places.${stage}`)}
          </p>
          {stage === "failed" ? null : (
            <div className="mt-4">
              <Steps kind={kind} stage={stage} isWaiting={problem !== null} />
            </div>
          )}
        </Card>
        {stage === "arrived" ? (
          <Note tone="positive">
            {t("arrivedText", { amount: formatBrl(reais, locale) })} {paidUsdMicros > 0n ? t("arrivedCost", { amount: formatUsd(((paidUsdMicros + 9_999n) / 10_000n) * 10_000n, locale) }) : null}
          </Note>
        ) : stage === "failed" ? (
          <Note tone="neutral">{t("failedText")}</Note>
        ) : isUnsigned ? null : (
          <p className="text-small text-muted">{t("closeIt")}</p>
        )}
        {view.startedBy === "night" ? <p className="text-small text-muted">{t("byNight")}</p> : null}
        <div className="grid gap-2">
          {stage === "failed" ? (
            <LinkButton href={paths.together(next)} isWide>
              {t("tryAgain")}
            </LinkButton>
          ) : null}
          {next ? (
            <LinkButton href={next} isWide kind={stage === "arrived" ? "primary" : "quiet"}>
              {t("backToPayment")}
            </LinkButton>
          ) : (
            <LinkButton href={paths.home()} isWide kind={stage === "arrived" ? "primary" : "quiet"}>
              {t("toHome")}
            </LinkButton>
          )}
        </div>
        <Details view={view} />
      </div>
    </WalletShell>
  );
}
