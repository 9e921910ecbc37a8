import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PayShell } from "@/app/(pay)/pay-shell";
import { Details } from "@/app/(pay)/payments/[id]/receipt/details";
import { Receipt } from "@/app/(pay)/payments/[id]/receipt/receipt";
import { GuestReceiptActions } from "@/app/(pay)/payments/[id]/receipt/receipt-actions";
import { AreaMessages } from "@/components/area-messages";
import { PageHeader } from "@/components/page-header";
import { receiptOf } from "@/lib/guests/receipt";
import { paths } from "@/lib/paths";
import { readGuestPayment } from "../read-guest-payment";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("guest"))("receipt"), robots: { index: false } };
}

/** The receipt of a wallet's payment, for the browser that paid. */
export default async function GuestReceiptPage({ params }: PageProps<"/w/[reference]/receipt">) {
  const { reference } = await params;
  const [view, t] = await Promise.all([readGuestPayment(reference), getTranslations("guest")]);
  const payment = receiptOf(view);
  if (!payment) redirect(paths.guestPayment(reference));
  return (
    <PayShell>
      <div className="print:hidden">
        <PageHeader title={t("receipt")} backHref={paths.guestPayment(reference)} />
      </div>
      <main id="content" className="flex flex-1 flex-col px-5 pt-1 pb-5">
        <AreaMessages areas={["pay", "receipts"]}>
          <Receipt payment={payment} />
          <Details payment={payment} />
          <GuestReceiptActions payment={payment} />
        </AreaMessages>
      </main>
    </PayShell>
  );
}
