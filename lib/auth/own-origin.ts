import { env } from "@/lib/env";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Whether a form was sent by a page of ours. A missing Origin counts as foreign (web/STACK.md, trap 5). Outside production a web
 * process on another port of this machine is ours too, when the Origin is exactly the host that was asked.
 */
export function isOwnOrigin(headers: Headers): boolean {
  const { APP_ENV, APP_URL } = env();
  const origin = headers.get("origin");
  if (!origin) return false;
  if (origin === APP_URL) return true;
  const host = headers.get("host") ?? "";
  return APP_ENV !== "production" && LOOPBACK.test(host) && origin === `http://${host}`;
}
