import { takeStarkWebhook, type StarkTaken } from "@/lib/payouts/take-stark-webhook";
import { readBounded } from "../avenia/read-bounded";

const BODY_BYTES_MAX = 64 * 1024;
const STATUS: Record<StarkTaken, number> = { taken: 200, unreadable: 400, forged: 401, unknown_key: 503 };

/** What the bank tells us of transfers. Verified over the raw bytes, worked on later. */
export async function POST(request: Request) {
  const body = await readBounded(request, BODY_BYTES_MAX);
  if (!body) return new Response(null, { status: 413 });
  return new Response(null, { status: STATUS[await takeStarkWebhook(body, request.headers.get("digital-signature"))] });
}
