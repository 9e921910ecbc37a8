import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/empty-state";
import { LiveRefresh } from "@/components/live-refresh";
import { StatusChip } from "@/components/status-chip";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { Table, type Column } from "@/components/ui/table";
import { requireActor } from "@/lib/auth/session";
import type { StorePayment } from "@/lib/live/rules";
import { formatBrl, formatDateTime, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { listSales, listSellers, salesTotals } from "@/lib/sales/queries";
import { isSaleFiltered, saleFilterOf, saleQueryOf } from "@/lib/sales/rules";
import { getStoreFrame } from "@/lib/stores/queries";
import { orNotFound } from "../../../or-not-found";
import { payerName } from "../../../payer-name";
import { PaymentAmount } from "../../../payment-amount";
import { hasSaleState, SaleState } from "../../../sale-state";
import { StorePage } from "../store-page";
import { SaleFilters } from "./sale-filters";
import { Totals } from "./sales-totals";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("store"))("payments") };
}

/** Every sale of the store, for owners and admins, newest first, fifty a page. The address holds the filter and the key of the page, so that page 2,000 costs what the first one does. */
export default async function PaymentsPage({ params, searchParams }: PageProps<"/stores/[storeId]/payments">) {
  const [{ storeId }, query] = await Promise.all([params, searchParams]);
  const filter = saleFilterOf(query);
  const keyOf = (name: string) => (typeof query[name] === "string" ? query[name] : undefined);
  const actor = await requireActor();
  const { store, role } = await orNotFound(getStoreFrame(actor, storeId));
  const [{ items, newer, older }, totals, sellers] = await orNotFound(
    Promise.all([listSales(actor, storeId, { filter, before: keyOf("before"), after: keyOf("after") }), salesTotals(actor, storeId, filter), listSellers(actor, storeId)]),
  );
  const [t, words, locale] = await Promise.all([getTranslations("store"), getTranslations("refunds.list"), getLocale()]);
  const chosen = saleQueryOf(filter);
  const isEverything = !isSaleFiltered(filter) && !keyOf("before") && !keyOf("after");
  const amountOf = ({ amountBrlCentavos, amountUsdMicros }: StorePayment) => (amountBrlCentavos === null ? formatUsd(BigInt(amountUsdMicros), locale) : formatBrl(BigInt(amountBrlCentavos), locale));
  const columns: Column<StorePayment>[] = [
    {
      key: "customer",
      head: t("columnCustomer"),
      cell: (payment) => (
        <Link href={paths.storeSale(storeId, payment.id)} className="inline-flex min-h-11 items-center text-ink underline decoration-line underline-offset-4 max-md:min-h-6">
          {payerName(payment, t)}
          <span className="sr-only">, {words("open", { amount: amountOf(payment) })}</span>
        </Link>
      ),
      phone: "title",
    },
    { key: "when", head: t("columnWhen"), cell: ({ at }) => formatDateTime(new Date(at), locale, store.timeZone), phone: "line" },
    { key: "code", head: t("columnCode"), cell: ({ code }) => <span className="font-semibold tracking-[.06em]">{code ?? "–"}</span>, phone: "hidden" },
    {
      key: "state",
      head: t("columnState"),
      cell: (payment) => (payment.state !== "paid" ? <Chip tone="caution">{t("checkingAgain")}</Chip> : hasSaleState(payment) ? <SaleState payment={payment} /> : <StatusChip state="paid" />),
      phone: "state",
    },
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
      <Totals totals={totals} isToday={!filter.from && !filter.to} />
      <SaleFilters storeId={storeId} filter={filter} sellers={sellers} />
      <Card isFlush className="mt-3 overflow-hidden">
        {items.length > 0 ? (
          <Table caption={t("payments")} columns={columns} rows={items} rowKey={({ id }) => id} />
        ) : isEverything ? (
          <EmptyState title={t("paymentsEmpty")} text={t("paymentsEmptyText")} />
        ) : (
          <EmptyState icon={<Icon of={SearchX} size="large" />} title={words("noneTitle")} text={words("noneText")} />
        )}
      </Card>
      {newer || older || !isEverything ? (
        <nav aria-label={words("pages")} className="mt-5 flex flex-wrap gap-2">
          {keyOf("before") || keyOf("after") ? (
            <LinkButton kind="quiet" size="medium" href={paths.storePayments(storeId, chosen)}>
              {words("newest")}
            </LinkButton>
          ) : null}
          {newer ? (
            <LinkButton kind="soft" size="medium" href={paths.storePayments(storeId, { ...chosen, after: newer })}>
              {words("newer")}
            </LinkButton>
          ) : null}
          {older ? (
            <LinkButton kind="soft" size="medium" href={paths.storePayments(storeId, { ...chosen, before: older })}>
              {words("older")}
            </LinkButton>
          ) : null}
        </nav>
      ) : null}
    </StorePage>
  );
}
