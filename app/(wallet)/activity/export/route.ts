import { countActivityExport } from "@/lib/activity/count-export";
import { exportActivity, type ExportWords } from "@/lib/activity/export-activity";
import { filterOf } from "@/lib/activity/rules";
import { optionalActor } from "@/lib/auth/session";
import { CSV_VARIANTS, type CsvVariant } from "@/lib/csv/rules";
import { textStream } from "@/lib/csv/text-stream";
import { DomainError } from "@/lib/errors";
import type { Locale } from "@/lib/i18n/locale";
import { messagesOf } from "@/lib/i18n/messages";
import { dayKey } from "@/lib/money-format";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Who opens it decides the words, not who downloads it: the home country's programs and bookkeepers, or everybody else's. */
const LANGUAGES: Record<CsvVariant, Locale> = { "pt-BR": "pt-BR", international: "en" };

const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** The signed-in person's activity as a table, filtered as the list is. */
export async function GET(request: Request) {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const variant = CSV_VARIANTS.find((known) => known === query["format"]);
  if (!variant) return refuse(404);
  try {
    await countActivityExport(actor, variant);
  } catch (error) {
    if (error instanceof DomainError) return refuse(429);
    throw error;
  }
  const { activity, common } = messagesOf(LANGUAGES[variant]);
  const words: ExportWords = { columns: activity.column, kinds: activity.kind, directions: activity.direction, states: { pending: common.statusChecking, confirmed: activity.state.done, failed: common.statusFailed } };
  return new Response(textStream(exportActivity(actor, { filter: filterOf(query), variant, words })), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="cocopay-${activity.fileName}-${dayKey(new Date())}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
