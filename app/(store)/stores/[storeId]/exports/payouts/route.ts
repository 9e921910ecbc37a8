import { addDays } from "@/lib/analytics/rules";
import { allowExport } from "@/lib/exports/allow-export";
import { payoutsCsv, type PayoutWords } from "@/lib/exports/payouts-csv";
import { answerFile, fileWords, payoutStates, variantOf } from "../answer-file";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** The payouts of a period as a spreadsheet, for whoever may make them. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/exports/payouts">) {
  const { storeId } = await params;
  return answerFile(request, async (actor, query) => {
    const variant = variantOf(query) ?? "pt-BR";
    const { period, window } = await allowExport(actor, storeId, { file: "payouts", format: variant, query, needs: "payouts.manage" });
    const { column, payoutTypes, fileNames } = fileWords(variant);
    const words: PayoutWords = { columns: column, types: payoutTypes, states: payoutStates(variant) };
    return { name: `${fileNames.payouts}-${period.from}-${addDays(period.to, -1)}`, ending: "csv", body: payoutsCsv(window, { variant, words }) };
  });
}
