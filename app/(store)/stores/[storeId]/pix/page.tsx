import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { Money } from "@/components/money";
import { RefreshEvery } from "@/components/refresh-every";
import { Card } from "@/components/ui/card";
import { Chip, type Tone } from "@/components/ui/chip";
import { LinkButton } from "@/components/ui/link-button";
import { Note } from "@/components/ui/note";
import { Table, type Column } from "@/components/ui/table";
import { requireActor } from "@/lib/auth/session";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getStoreFrame } from "@/lib/stores/queries";
import { can } from "@/lib/team/rules";
import { getStorePix, type TillPixLine } from "@/lib/tillpix/queries";
import type { ShownTillPix } from "@/lib/tillpix/rules";
import { orNotFound } from "../../../or-not-found";
import { StoreIdentityCard } from "../identity/identity-card";
import { StorePage } from "../store-page";
import { ReturnDialog } from "./return-dialog";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("tillpix"))("title") };
}

const LOOK_MS = 3_000;

const TONES: Record<ShownTillPix, Tone> = {
  asked: "neutral", open: "neutral", held: "caution", paid: "caution", converting: "caution", done: "positive", expired: "neutral", underpaid: "danger", paid_twice: "danger", paid_late: "danger", returned: "neutral", refused: "danger",
};

/** Pix at the till as the store has it: whether the partner knows the store, and every code by its state, newest first. */
export default async function StorePixPage({ params, searchParams }: PageProps<"/stores/[storeId]/pix">) {
  const { storeId } = await params;
  const { before } = await searchParams;
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const { isOffered, identity, items, next } = await orNotFound(getStorePix(actor, storeId, { before: typeof before === "string" ? before : undefined }));
  const [t, locale] = await Promise.all([getTranslations("tillpix"), getLocale()]);
  const columns: Column<TillPixLine>[] = [
    { key: "when", head: t("store.when"), cell: ({ createdAt }) => formatDateTime(createdAt, locale, store.timeZone), phone: "title" },
    { key: "reward", head: t("reward.title"), cell: (pix) => (pix.shown === "done" || pix.shown === "converting" ? t(`store.rewardState.${pix.reward.state}`, { phone: pix.reward.phoneShown ?? "" }) : "–"), phone: "line" },
    { key: "code", head: t("store.code"), cell: ({ code6 }) => <span className="font-semibold tracking-[.06em]">{code6 ?? "–"}</span>, phone: "hidden" },
    { key: "arrived", head: t("store.arrived"), cell: ({ arrivedUsdMicros }) => (arrivedUsdMicros === null ? "–" : formatUsd(BigInt(arrivedUsdMicros), locale)), phone: "hidden" },
    {
      key: "state",
      head: t("store.state"),
      cell: (pix) => (
        <span className="inline-flex flex-wrap items-center justify-end gap-2">
          <Chip tone={TONES[pix.shown]}>{t(`states.${pix.shown}`)}</Chip>
          {pix.shown === "paid_twice" && can(role, "payouts.manage") ? <ReturnDialog storeId={store.id} pixId={pix.id} amount={formatBrl(BigInt(pix.amountBrlCentavos), locale)} /> : null}
        </span>
      ),
      phone: "state",
    },
    { key: "amount", head: t("store.amount"), cell: ({ amountBrlCentavos }) => <Money currency="BRL" amount={BigInt(amountBrlCentavos)} />, align: "right", phone: "amount" },
  ];
  return (
    <StorePage actor={actor} store={store} role={role} current="pix">
      <AreaMessages areas={["tillpix"]}>
        <header className="flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1>{t("title")}</h1>
            <p className="mt-1 max-w-[70ch] text-muted">{t("lead")}</p>
          </div>
          <LiveRefresh url={paths.liveStore(store.id)} hasDot />
        </header>
        <div className="mt-6">{isOffered ? <StoreIdentityCard storeId={store.id} identity={identity} isOwner={can(role, "settings.manage")} returnTo="pix" approved={t("store.approved")} /> : <Note tone="neutral">{t("store.off")}</Note>}</div>
        <Card isFlush className="mt-5 overflow-hidden">
          {items.length === 0 ? <EmptyState title={t("store.empty")} text={t("store.emptyText")} /> : <Table caption={t("store.list")} columns={columns} rows={items} rowKey={({ id }) => id} />}
        </Card>
        {items.some(({ isMoving }) => isMoving) ? <RefreshEvery ms={LOOK_MS} /> : null}
        {next || before ? (
          <nav aria-label={t("store.list")} className="mt-5 flex flex-wrap gap-2">
            {before ? (
              <LinkButton kind="quiet" size="medium" href={paths.storePix(store.id)}>
                {t("store.newest")}
              </LinkButton>
            ) : null}
            {next ? (
              <LinkButton kind="soft" size="medium" href={paths.storePix(store.id, next)}>
                {t("store.older")}
              </LinkButton>
            ) : null}
          </nav>
        ) : null}
      </AreaMessages>
    </StorePage>
  );
}
