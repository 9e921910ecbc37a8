import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { mapOrigins } from "@/lib/env";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

let script: Promise<Buffer> | undefined;

/** The map library's own worker, word for word: it draws tiles beside the page. What it may ask is said here, because a worker follows the policy of its own file. */
export async function GET() {
  const bytes = await (script ??= readFile(join(process.cwd(), "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs")));
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "content-security-policy": ["default-src 'none'", "script-src 'self'", ["connect-src 'self'", ...mapOrigins()].join(" ")].join("; "),
      "cache-control": "public, max-age=86400",
    },
  });
}
