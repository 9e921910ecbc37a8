"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { MoneyDisplay } from "@/components/money";
import { Note } from "@/components/ui/note";
import { RowList } from "@/components/ui/row";
import type { StorePayment } from "@/lib/live/rules";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { NetOfToday } from "../../../net-of-today";
import { PaymentRow } from "../../../payment-row";
import type { TillStore } from "./till";
import { totalOf } from "./till-state";
import type { TillView } from "./till-view";

const SHOWN = 10;

/** Today's total and the last ten sales. The sum is the server's for what it had counted, and the list's own while that is the whole day. */
export function SalesList({ payments, view, store, seesAll }: { payments: readonly StorePayment[]; view: TillView; store: TillStore; seesAll: boolean }) {
  const t = useTranslations("till");
  const listed = totalOf(view.payments);
  const now = totalOf(payments);
  const count = view.count + now.count - listed.count;
  const sumBrlCentavos = BigInt(view.sumBrlCentavos) + now.sumBrlCentavos - listed.sumBrlCentavos;
  return (
    <section aria-labelledby="sales" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-baseline justify-between gap-3">
        <h2 id="sales">{t("salesToday")}</h2>
        <span className="text-muted">{t("sales", { count })}</span>
      </div>
      <MoneyDisplay currency="BRL" amount={sumBrlCentavos} size="m" className="mt-1" />
      <NetOfToday sumBrlCentavos={sumBrlCentavos} refundedBrlCentavos={BigInt(view.refundedBrlCentavos)} />
      {payments.length === 0 ? (
        <p className="mt-4 text-muted">{t("noSales")}</p>
      ) : (
        <div tabIndex={0} role="group" aria-labelledby="sales" className="-mx-4 mt-2 min-h-0 flex-1 overflow-y-auto">
          <RowList isFlat>
            {payments.slice(0, SHOWN).map((payment) => (
              <PaymentRow key={payment.id} payment={payment} timeZone={store.timeZone} storeId={store.id} />
            ))}
          </RowList>
        </div>
      )}
      {seesAll ? (
        <Link href={paths.storePayments(store.id)} className="inline-flex min-h-11 w-fit items-center font-semibold text-brand-ink underline underline-offset-3">
          {t("seeAll")}
        </Link>
      ) : (
        <p className="py-3 text-small text-muted">{t("onlyToday")}</p>
      )}
    </section>
  );
}

/** A reorganisation took a payment back: nothing is handed over before it is confirmed again. */
export function TakenBack({ payment }: { payment: StorePayment | undefined }) {
  const t = useTranslations("till");
  const locale = useLocale();
  if (!payment) return null;
  const amount = payment.amountBrlCentavos === null ? formatUsd(BigInt(payment.amountUsdMicros), locale) : formatBrl(BigInt(payment.amountBrlCentavos), locale);
  return (
    <Note tone="caution" isLive>
      {payment.code ? t("takenBack", { amount, code: payment.code }) : t("takenBackOutside", { amount })}
    </Note>
  );
}
