import { isSandboxOn } from "@/lib/sandbox/is-sandbox-on";
import { listSandboxMessages } from "@/lib/sandbox/queries";
import { phoneOfQuery } from "@/lib/sandbox/rules";

/** The sent messages of a phone (?to=), or of all, newest first. For tests and for people who read JSON. */
export async function GET(request: Request) {
  if (!isSandboxOn()) return new Response(null, { status: 404 });
  const to = new URL(request.url).searchParams.get("to");
  const phone = to === null ? undefined : phoneOfQuery(to);
  if (phone === null) return Response.json([]);
  const messages = await listSandboxMessages(phone);
  return Response.json(messages.map(({ id: _id, ...message }) => message), { headers: { "cache-control": "no-store" } });
}
