import { addDays } from "@/lib/analytics/rules";
import { allowExport } from "@/lib/exports/allow-export";
import { ofxStatement, type OfxWords } from "@/lib/exports/ofx";
import { answerFile, fileWords } from "../answer-file";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** The movements of a period for bookkeeping programs. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/exports/ofx">) {
  const { storeId } = await params;
  return answerFile(request, async (actor, query) => {
    const { store, period, window, canSeePayouts } = await allowExport(actor, storeId, { file: "ofx", format: "ofx", query });
    const { kinds, payout, customer, fileNames } = fileWords("pt-BR");
    const words: OfxWords = { kinds, payout, customer };
    return { name: `${fileNames.statement}-${period.from}-${addDays(period.to, -1)}`, ending: "ofx", body: ofxStatement(store, window, { words, withPayouts: canSeePayouts }) };
  });
}
