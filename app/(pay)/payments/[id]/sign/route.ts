import { optionalActor } from "@/lib/auth/session";
import { liveHub } from "@/lib/live/hub";
import { preparedOperations } from "@/lib/operations/queries";
import { isId } from "@/lib/ids";

const NO_STORE = { headers: { "Cache-Control": "no-store" } };
/** How long one question waits here; a lost hint costs one rest. */
const WAIT_MS = 8_000;
const REST_MS = 300;

/**
 * `{status: "prepared", op}` as soon as the payment's operation waits for its owner's signature; `waiting` when it took longer than one
 * question lasts; `settled` when there is nothing to sign (any more).
 */
export async function GET(request: Request, { params }: RouteContext<"/payments/[id]/sign">) {
  const actor = await optionalActor();
  if (!actor) return Response.json({ error: "signed_out" }, { status: 401, ...NO_STORE });
  const { id } = await params;
  if (!isId(id)) return Response.json({ error: "not_found" }, { status: 404, ...NO_STORE });

  let wake = () => {};
  let isWoken = false;
  const unsubscribe = liveHub().subscribe(`user:${actor.userId}`, () => {
    isWoken = true;
    wake();
  });
  try {
    for (const until = Date.now() + WAIT_MS; !request.signal.aborted; ) {
      isWoken = false;
      const [operation] = await preparedOperations(actor, { subjectId: id });
      if (!operation) return Response.json({ error: "not_found" }, { status: 404, ...NO_STORE });
      if (operation.status === "prepared") return Response.json({ status: "prepared", op: operation.op }, NO_STORE);
      if (operation.status !== "queued") return Response.json({ status: "settled" }, NO_STORE);
      if (Date.now() >= until || liveHub().stopping.aborted) break;
      if (!isWoken) await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, REST_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return Response.json({ status: "waiting" }, NO_STORE);
  } finally {
    unsubscribe();
  }
}
