import { takeWebhook, type Taken } from "@/lib/topups/take-webhook";
import { readBounded } from "./read-bounded";

/** Tickets are a few hundred bytes. */
const BODY_BYTES_MAX = 64 * 1024;
const STATUS: Record<Taken, number> = { taken: 200, unreadable: 400, forged: 401, unknown_key: 503 };

/** What the payment provider tells us. Verified over the raw bytes, kept once, worked on later; a provider that hears anything but 200 sends it again. */
export async function POST(request: Request) {
  const body = await readBounded(request, BODY_BYTES_MAX);
  if (!body) return new Response(null, { status: 413 });
  return new Response(null, { status: STATUS[await takeWebhook(body, request.headers.get("signature"))] });
}
