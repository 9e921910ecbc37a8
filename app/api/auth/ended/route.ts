import { NextResponse, type NextRequest } from "next/server";
import { optionalActor } from "@/lib/auth/session";
import { sessionCookieName, sessionCookieOptions } from "@/lib/auth/session-token";
import { paths, safeNext } from "@/lib/paths";

/** Clears the cookie of a session that ended. A live session stays: a link must not be able to sign anybody out. */
export async function GET(request: NextRequest) {
  const next = safeNext(request.nextUrl.searchParams.get("next"));
  const actor = await optionalActor();
  // Relative, so that it is right behind any proxy and on any port.
  const response = new NextResponse(null, { status: 303, headers: { Location: actor ? next : paths.login(next), "Cache-Control": "no-store" } });
  if (!actor) response.cookies.set(sessionCookieName(), "", { ...sessionCookieOptions(), maxAge: 0 });
  return response;
}
