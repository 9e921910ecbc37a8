import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { StatusChip } from "@/components/status-chip";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { LinkButton } from "@/components/ui/link-button";
import { Table, type Column } from "@/components/ui/table";
import { requireActor } from "@/lib/auth/session";
import type { StorePayment } from "@/lib/live/rules";
import { formatDateTime } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { getStoreFrame, listStorePayments } from "@/lib/stores/queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../or-not-found";
import { payerName } from "../../../payer-name";
import { OutsideState } from "../../../outside-state";
import { PaymentAmount } from "../../../payment-amount";
import { StorePage } from "../store-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("store"))("payments") };
}

/** Every payment of the store, for owners and admins, newest first, fifty a page. */
export default async function PaymentsPage({ params, searchParams }: PageProps<"/stores/[storeId]/payments">) {
  const { storeId } = await params;
  const { before } = await searchParams;
  const actor = await requireActor();
  const { role } = await orNotFound(getStoreFrame(actor, storeId));
  const { store, items, next } = await orNotFound(listStorePayments(actor, storeId, { before: typeof before === "string" ? before : undefined }));
  const t = await getTranslations("store");
  const locale = await getLocale();
  const columns: Column<StorePayment>[] = [
    { key: "customer", head: t("columnCustomer"), cell: (payment) => payerName(payment, t), phone: "title" },
    { key: "when", head: t("columnWhen"), cell: ({ at }) => formatDateTime(new Date(at), locale, store.timeZone), phone: "line" },
    { key: "code", head: t("columnCode"), cell: ({ code }) => <span className="font-semibold tracking-[.06em]">{code ?? "–"}</span>, phone: "hidden" },
    { key: "state", head: t("columnState"), cell: (payment) => (payment.state !== "paid" ? <Chip tone="caution">{t("checkingAgain")}</Chip> : payment.outside && payment.outside.outcome !== "paid" ? <OutsideState payment={payment} storeId={store.id} canRefund={can(role, "guest_payments.refund")} /> : <StatusChip state="paid" />), phone: "state" },
    { key: "amount", head: t("columnAmount"), cell: (payment) => <PaymentAmount payment={payment} />, align: "right", phone: "amount" },
  ];
  return (
    <StorePage actor={actor} store={store} role={role} current="payments">
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1>{t("payments")}</h1>
          <p className="mt-1 text-muted">{t("paymentsLead")}</p>
        </div>
        <LiveRefresh url={paths.liveStore(store.id)} hasDot />
      </header>
      <Card isFlush className="mt-6 overflow-hidden">
        {items.length === 0 ? <EmptyState title={t("paymentsEmpty")} text={t("paymentsEmptyText")} /> : <Table caption={t("payments")} columns={columns} rows={items} rowKey={({ id }) => id} />}
      </Card>
      {next || before ? (
        <nav aria-label={t("payments")} className="mt-5 flex flex-wrap gap-2">
          {before ? (
            <LinkButton kind="quiet" size="medium" href={paths.storePayments(store.id)}>
              {t("newest")}
            </LinkButton>
          ) : null}
          {next ? (
            <LinkButton kind="soft" size="medium" href={paths.storePayments(store.id, next)}>
              {t("older")}
            </LinkButton>
          ) : null}
        </nav>
      ) : null}
    </StorePage>
  );
}
