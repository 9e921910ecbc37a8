import { getLocale, getTranslations } from "next-intl/server";
import { getDayClose } from "@/lib/analytics/queries";
import { allowExport } from "@/lib/exports/allow-export";
import { closeCsv, type CloseWords } from "@/lib/exports/close-csv";
import { tablePdf } from "@/lib/exports/table-pdf";
import { answerFile, fileWords, variantOf } from "../answer-file";
import { closePaper } from "../statement/statement-paper";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** The close of one day. `on`: the day; `format`: pt-BR, international or pdf. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/exports/close-day">) {
  const { storeId } = await params;
  return answerFile(request, async (actor, { on, format = "" }) => {
    const isPaper = format === "pdf";
    const { store, period } = await allowExport(actor, storeId, { file: "close-day", format: isPaper ? "pdf" : (variantOf({ format }) ?? "pt-BR"), query: { period: "day", ...(on && { on }) } });
    const close = await getDayClose(actor, storeId, period.from);
    if (isPaper) {
      const [t, locale] = await Promise.all([getTranslations("exports"), getLocale()]);
      return { name: `${t("fileNames.closeDay")}-${close.day}`, ending: "pdf", body: await tablePdf(closePaper({ store, close, at: new Date() }, t, locale)) };
    }
    const variant = variantOf({ format }) ?? "pt-BR";
    const { column, noTill, noSeller, removed, total, fileNames } = fileWords(variant);
    const words: CloseWords = { columns: column, noTill, noSeller, gone: removed, total };
    const text = closeCsv(close, { variant, words });
    return { name: `${fileNames.closeDay}-${close.day}`, ending: "csv", body: new TextEncoder().encode(text) };
  });
}
