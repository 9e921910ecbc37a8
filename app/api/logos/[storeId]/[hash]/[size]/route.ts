import { findLogo } from "@/lib/stores/logo";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** A store's logo, for anybody. The address names the picture by its hash, so it may be kept for ever. */
export async function GET(_request: Request, { params }: { params: Promise<{ storeId: string; hash: string; size: string }> }) {
  const { storeId, hash, size } = await params;
  const picture = size === "large" || size === "small" ? await findLogo(storeId, hash, size) : null;
  if (!picture) return new Response(null, { status: 404, headers: { "cache-control": "no-store" } });
  return new Response(new Uint8Array(picture), {
    headers: { "content-type": "image/webp", "cache-control": "public, max-age=31536000, immutable", "content-security-policy": "default-src 'none'; sandbox", "x-content-type-options": "nosniff" },
  });
}
