import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { contentSecurityPolicy } from "@/lib/auth/content-security-policy";
import { isOwnOrigin } from "@/lib/auth/own-origin";
import { DEVICE_COOKIE, DEVICE_HEADER, DEVICE_ID, PATH_HEADER } from "@/lib/auth/request-headers";
import { browserRpcOrigins, env, mapOrigins, walletHosts } from "@/lib/env";
import type { ErrorCode } from "@/lib/errors";
import { chooseLocale, LOCALE_COOKIE } from "@/lib/i18n/locale";
import { errors } from "@/lib/i18n/messages/errors";
import { isMapPath, isWalletPath } from "@/lib/paths";

const DEVICE_SECONDS = 365 * 24 * 60 * 60;
/** Above the door's own bound, below what Next's parser takes: what is larger is refused before it is read. */
const MAX_BODY_BYTES = 1_900_000;

/** In front of every page: what is refused unread, the policy with its nonce, the device's id, and the page's path for a way back. */
export function proxy(request: NextRequest) {
  const refusal = refusalOf(request);
  if (refusal) return refusal;

  const nonce = randomBytes(16).toString("base64");
  // The browser asks the chain itself who may sign, before it says "yours"; a person's wallet page reads its balance there.
  const { pathname } = request.nextUrl;
  const connectTo = [...browserRpcOrigins(), ...(isWalletPath(pathname) ? walletHosts() : []), ...(isMapPath(pathname) ? mapOrigins() : [])];
  const policy = contentSecurityPolicy({ nonce, isDevelopment: process.env.NODE_ENV === "development", connectTo });
  const known = request.cookies.get(DEVICE_COOKIE)?.value ?? "";
  const deviceId = DEVICE_ID.test(known) ? known : randomBytes(16).toString("base64url");

  const headers = new Headers(request.headers);
  // Next reads the nonce for its own scripts from this header of the request.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set(DEVICE_HEADER, deviceId);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  if (deviceId !== known) {
    response.cookies.set(DEVICE_COOKIE, deviceId, {
      httpOnly: true,
      sameSite: "lax",
      secure: env().APP_URL.startsWith("https://"),
      path: "/",
      maxAge: DEVICE_SECONDS,
    });
  }
  return response;
}

/** An address whose escapes are no text names nothing, and Next would answer it with a 500. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * A form from another origin, or one too large to be ours. Next would throw at both, and a throw is a 500; here they get a
 * sentence. A missing Origin passes to the door, which refuses it as a value.
 */
function refusalOf(request: NextRequest): NextResponse | null {
  if (!isDecodable(request.nextUrl.pathname)) return sentence(request, "not_found", 404);
  if (request.method === "GET" || request.method === "HEAD") return null;
  if (request.headers.has("origin") && !isOwnOrigin(request.headers)) return sentence(request, "origin_refused", 403);
  const length = request.headers.get("content-length");
  // A browser states the length of a form; a body without one could be endless.
  if (length === null ? request.headers.has("transfer-encoding") : !(Number(length) <= MAX_BODY_BYTES)) return sentence(request, "too_large", 413);
  return null;
}

function sentence(request: NextRequest, code: ErrorCode, status: number): NextResponse {
  const locale = chooseLocale(request.cookies.get(LOCALE_COOKIE)?.value);
  return new NextResponse(errors[locale][code], { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

export const config = {
  // Pages and their actions, and next-auth. Other route handlers below /api check what they need; files are served as they are.
  matcher: ["/((?!api/|_next/static|_next/image|favicon\\.ico|sw\\.js|.*\\.(?:png|svg|ico|jpg|webp|woff2|mp3|wav|webmanifest|txt)$).*)", "/api/auth/:path*"],
};
