import { getLocale, getTranslations } from "next-intl/server";
import { addDays } from "@/lib/analytics/rules";
import { allowExport } from "@/lib/exports/allow-export";
import { readStatement } from "@/lib/exports/read-statement";
import { STATEMENT_DAYS_MAX } from "@/lib/exports/rules";
import { tablePdf } from "@/lib/exports/table-pdf";
import { answerFile } from "../answer-file";
import { statementPaper } from "./statement-paper";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** The movements of a month at most, on paper. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/exports/statement">) {
  const { storeId } = await params;
  return answerFile(request, async (actor, query) => {
    const { store, period, window } = await allowExport(actor, storeId, { file: "statement", format: "pdf", query, daysMax: STATEMENT_DAYS_MAX });
    const [statement, t, locale] = await Promise.all([readStatement(window), getTranslations("exports"), getLocale()]);
    return { name: `${t("fileNames.statement")}-${period.from}-${addDays(period.to, -1)}`, ending: "pdf", body: await tablePdf(statementPaper({ store, period, statement, at: new Date() }, t, locale)) };
  });
}
