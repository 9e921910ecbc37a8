import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { LiveRefresh } from "@/components/live-refresh";
import { PageHeader } from "@/components/page-header";
import { paths } from "@/lib/paths";
import { PayShell } from "@/app/(pay)/pay-shell";
import { requireActor } from "@/lib/auth/session";
import { listReceiptLinks } from "@/lib/receipts/queries";
import { readPayment } from "../read-payment";
import { Details } from "./details";
import { Receipt } from "./receipt";
import { ReceiptActions } from "./receipt-actions";
import { ReceiptLinks } from "./receipt-links";

export async function generateMetadata({ params }: PageProps<"/payments/[id]/receipt">): Promise<Metadata> {
  const [t, { status }] = await Promise.all([getTranslations("pay"), params.then(({ id }) => readPayment(id))]);
  return { title: t(status === "confirmed" ? "receiptTitle" : "activityDetail"), robots: { index: false } };
}

/** One payment in full: a receipt to print or send once it is paid, and what stands behind it under Details. */
export default async function ReceiptPage({ params }: PageProps<"/payments/[id]/receipt">) {
  const [payment, t, receipts] = await Promise.all([params.then(({ id }) => readPayment(id)), getTranslations("pay"), getTranslations("receipts")]);
  const isPaid = payment.status === "confirmed";
  const canLink = isPaid && payment.type === "payment" && payment.direction === "out" && payment.store !== null;
  const links = canLink ? await listReceiptLinks(await requireActor(), payment.id) : [];
  return (
    <PayShell>
      <div className="print:hidden">
        <PageHeader title={t(isPaid ? "receiptTitle" : "activityDetail")} backHref={paths.activity()} />
      </div>
      <main id="content" className="flex flex-1 flex-col px-5 pt-1 pb-5">
        {payment.status === "pending" ? <LiveRefresh url={paths.liveMe()} /> : null}
        <AreaMessages areas={["pay", "receipts", "activity"]}>
          <Receipt payment={payment} />
          {payment.refundOf ? (
            <p className="mt-3">
              <Link href={paths.receipt(payment.refundOf)} className="inline-flex min-h-11 items-center font-semibold text-brand-ink underline underline-offset-3">
                {receipts("toPurchase")}
              </Link>
            </p>
          ) : null}
          <Details payment={payment} />
          <ReceiptLinks transactionId={payment.id} links={links} />
          {isPaid ? <ReceiptActions payment={payment} canLink={canLink} /> : null}
        </AreaMessages>
      </main>
    </PayShell>
  );
}
