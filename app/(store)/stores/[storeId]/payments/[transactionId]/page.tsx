import { ChevronLeft } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getLocale, getTranslations } from "next-intl/server";
import { randomUUID } from "node:crypto";
import { LiveRefresh } from "@/components/live-refresh";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import type { Actor } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { errorValues } from "@/lib/i18n/error-values";
import { paths } from "@/lib/paths";
import { refundOffer } from "@/lib/refunds/quote-refund";
import { getSale, type SaleView } from "@/lib/sales/get-sale";
import { getStoreFrame } from "@/lib/stores/queries";
import { can } from "@/lib/team/rules";
import { orNotFound } from "../../../../or-not-found";
import { StorePage } from "../../store-page";
import { OutsideCard } from "./outside-card";
import { RefundForm } from "./refund-form";
import { RefundList } from "./refund-list";
import { SaleFacts } from "./sale-facts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("refunds"))("sale.title") };
}

/** One sale: what it was, what was given back, and for owners and admins the way to give money back. Staff see today's. */
export default async function SalePage({ params }: PageProps<"/stores/[storeId]/payments/[transactionId]">) {
  const { storeId, transactionId } = await params;
  const actor = await requireActor();
  const [{ store, role }, sale] = await orNotFound(Promise.all([getStoreFrame(actor, storeId), getSale(actor, storeId, transactionId)]));
  const t = await getTranslations("refunds.sale");
  const seesAll = can(role, "payments.view_all");
  const { outside } = sale.payment;
  const isOutside = outside !== null && outside.outcome !== "paid";
  return (
    <StorePage actor={actor} store={store} role={role} current={seesAll ? "payments" : null}>
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <Link href={seesAll ? paths.storePayments(storeId) : paths.till(storeId)} className="-ml-1 inline-flex min-h-11 items-center gap-1 font-semibold text-brand-ink underline underline-offset-3">
            <Icon of={ChevronLeft} size="chip" />
            {t(seesAll ? "back" : "toTill")}
          </Link>
          <h1>{t("title")}</h1>
        </div>
        <LiveRefresh url={paths.liveStore(store.id)} hasDot />
      </header>
      <div className="mt-6 grid gap-5 xl:grid-cols-[minmax(0,1fr)_420px]">
        <div className="grid content-start gap-5">
          <SaleFacts sale={sale} />
        </div>
        <div className="grid content-start gap-5">
          {sale.refunds.length > 0 ? <RefundList refunds={sale.refunds} timeZone={sale.timeZone} /> : null}
          {isOutside && outside.outcome !== "paid" ? (
            <OutsideCard actor={actor} storeId={storeId} transactionId={transactionId} outcome={outside.outcome} refund={outside.refund} canRefund={can(role, "guest_payments.refund") && sale.payment.state === "paid"} />
          ) : can(role, "refunds.make") && sale.payment.state === "paid" ? (
            <RefundCard actor={actor} storeId={storeId} sale={sale} />
          ) : null}
        </div>
      </div>
    </StorePage>
  );
}

async function RefundCard({ actor, storeId, sale }: { actor: Actor; storeId: string; sale: SaleView }) {
  const transactionId = sale.payment.id;
  const [t, errors, locale, offer] = await Promise.all([getTranslations("refunds.refund"), getTranslations("errors"), getLocale(), refundOffer(actor, { storeId, transactionId })]);
  return (
    <Card aria-labelledby="refund">
      <h2 id="refund">{t("title")}</h2>
      <p className="mt-1 mb-4 text-muted">{t("lead")}</p>
      {offer.refusal ? (
        <Note tone="caution">{errors(offer.refusal.code, errorValues(offer.refusal.details, locale))}</Note>
      ) : offer.leftBrlCentavos === 0n ? (
        <Note tone="neutral">{t("allBack")}</Note>
      ) : (
        <RefundForm
          // A refund that was made begins the form anew, with a key of its own.
          key={sale.refunds.length}
          sale={{ storeId, transactionId }}
          formKey={randomUUID()}
          leftBrlCentavos={offer.leftBrlCentavos.toString()}
          fundableBrlCentavos={offer.fundableBrlCentavos.toString()}
        />
      )}
    </Card>
  );
}
