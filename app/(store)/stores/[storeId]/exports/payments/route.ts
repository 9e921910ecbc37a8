import { addDays } from "@/lib/analytics/rules";
import { allowExport } from "@/lib/exports/allow-export";
import { paymentsCsv, type PaymentWords } from "@/lib/exports/payments-csv";
import { answerFile, fileWords, variantOf } from "../answer-file";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Sales and refunds of a period as a spreadsheet. `format`: pt-BR or international; the period as the analytics page says it. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/exports/payments">) {
  const { storeId } = await params;
  return answerFile(request, async (actor, query) => {
    const variant = variantOf(query) ?? "pt-BR";
    const { store, period, window } = await allowExport(actor, storeId, { file: "payments", format: variant, query });
    const { column, kinds, ways, states, removed, fileNames } = fileWords(variant);
    const words: PaymentWords = { columns: column, kinds, ways, states, removed };
    return { name: `${fileNames.payments}-${period.from}-${addDays(period.to, -1)}`, ending: "csv", body: paymentsCsv(store, window, { variant, words }) };
  });
}
