import { optionalActor } from "@/lib/auth/session";
import type { Actor } from "@/lib/auth/actor";
import { CSV_VARIANTS, type CsvVariant } from "@/lib/csv/rules";
import { textStream } from "@/lib/csv/text-stream";
import { DomainError, type ErrorCode } from "@/lib/errors";
import type { Locale } from "@/lib/i18n/locale";
import { messagesOf } from "@/lib/i18n/messages";

/** Who opens it decides the words, not who downloads it: the home country's programs and bookkeepers, or everybody else's. */
const LANGUAGES: Record<CsvVariant, Locale> = { "pt-BR": "pt-BR", international: "en" };
export const fileWords = (variant: CsvVariant) => messagesOf(LANGUAGES[variant]).exports;
export const payoutStates = (variant: CsvVariant) => messagesOf(LANGUAGES[variant]).payouts.states;

const STATUSES: Partial<Record<ErrorCode, number>> = { not_found: 404, forbidden: 403, period_invalid: 400, too_many_requests: 429 };

export const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** `name` without its ending; a stream of text or the bytes of a whole file. */
export type FileToSend = { name: string; ending: "csv" | "ofx" | "pdf"; body: AsyncGenerator<string> | Uint8Array };

const TYPES = { csv: "text/csv; charset=utf-8", ofx: "application/x-ofx; charset=us-ascii", pdf: "application/pdf" } as const;

/** A file of a store for whoever may have it; what is refused has a number and no words, for a download has no page. */
export async function answerFile(request: Request, make: (actor: Actor, query: Record<string, string>) => Promise<FileToSend | null>): Promise<Response> {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  let file: FileToSend | null;
  try {
    file = await make(actor, Object.fromEntries(new URL(request.url).searchParams));
  } catch (error) {
    const status = error instanceof DomainError ? STATUSES[error.code] : undefined;
    if (status === undefined) throw error;
    return refuse(status);
  }
  if (!file) return refuse(404);
  return new Response(file.body instanceof Uint8Array ? new Uint8Array(file.body) : textStream(file.body), {
    headers: {
      "content-type": TYPES[file.ending],
      "content-disposition": `attachment; filename="cocopay-${file.name}.${file.ending}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** The spelling that an address asks for. */
export const variantOf = (query: Record<string, string>): CsvVariant | undefined => CSV_VARIANTS.find((known) => known === query["format"]);
