import { optionalActor } from "@/lib/auth/session";
import { textStream } from "@/lib/csv/text-stream";
import { DomainError } from "@/lib/errors";
import { isExportAllowed } from "@/lib/privacy/allow-export";
import { countExport } from "@/lib/privacy/count-export";
import { exportPerson } from "@/lib/privacy/export-person";
import { EXPORT_FORMATS, type ExportFormat } from "@/lib/privacy/rules";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const TYPES: Record<ExportFormat, string> = { json: "application/json; charset=utf-8", csv: "text/csv; charset=utf-8" };

const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** Everything about the signed-in person as a file. The grant is made by an action that asked for a second factor; a link alone gives nothing. */
export async function GET(request: Request) {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  const { searchParams } = new URL(request.url);
  const format = EXPORT_FORMATS.find((known) => known === searchParams.get("format"));
  if (!format) return refuse(404);
  if (!isExportAllowed(actor, searchParams.get("grant") ?? "")) return refuse(403);
  try {
    await countExport(actor);
  } catch (error) {
    if (error instanceof DomainError) return refuse(429);
    throw error;
  }
  const day = new Date().toISOString().slice(0, 10);
  return new Response(textStream(exportPerson(actor, format)), {
    headers: { "content-type": TYPES[format], "content-disposition": `attachment; filename="cocopay-${day}.${format}"`, "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}
