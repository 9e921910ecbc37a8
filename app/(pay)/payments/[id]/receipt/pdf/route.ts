import { getLocale, getTranslations } from "next-intl/server";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { dayKey } from "@/lib/money-format";
import { getPayment, type PaymentView } from "@/lib/payments/queries";
import { receiptPdf } from "@/lib/receipts/receipt-pdf";
import { receiptPaper } from "../receipt-paper";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** The receipt of the person's own paid payment as a file. Anybody else's, and one that is not paid, is not found. */
export async function GET(_request: Request, { params }: RouteContext<"/payments/[id]/receipt/pdf">) {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  let payment: PaymentView;
  try {
    payment = await getPayment(actor, (await params).id);
  } catch (error) {
    if (error instanceof DomainError) return refuse(404);
    throw error;
  }
  if (payment.status !== "confirmed") return refuse(404);
  const [pay, receipts, activity, common, locale] = await Promise.all([getTranslations("pay"), getTranslations("receipts"), getTranslations("activity"), getTranslations("common"), getLocale()]);
  const bytes = await receiptPdf(receiptPaper(payment, { pay, receipts, activity, common }, locale));
  const name = [receipts("fileName"), payment.confirmationCode, dayKey(payment.confirmedAt ?? payment.createdAt, payment.store?.timeZone)].filter(Boolean).join("-");
  return new Response(new Uint8Array(bytes), {
    headers: { "content-type": "application/pdf", "content-disposition": `attachment; filename="${name}.pdf"`, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
