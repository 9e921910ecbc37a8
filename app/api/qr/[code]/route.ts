import { chooseLocale, LOCALE_COOKIE } from "@/lib/i18n/locale";
import { qrSvg } from "@/components/qr-code";
import { tileSeed } from "@/components/tile-art";
import { DomainError } from "@/lib/errors";
import { messagesOf } from "@/lib/i18n/messages";
import { findStoreByCode } from "@/lib/payments/payable-store";
import { payUrlOf } from "@/lib/stores/pay-url";
import { cookies } from "next/headers";

export const dynamic = "force-dynamic";

const MODULE_PIXELS = 20;

/** The QR of a store as an SVG that prints at any size. `?format=svg` saves it as a file. Public: the sticker on the counter shows the same. */
export async function GET(request: Request, { params }: { params: Promise<{ code: string }> }) {
  const { code } = await params;
  try {
    const store = await findStoreByCode(code);
    const locale = chooseLocale((await cookies()).get(LOCALE_COOKIE)?.value);
    const label = messagesOf(locale).store.qrLabel.replace("{name}", store.name);
    const svg = qrSvg({ text: payUrlOf(store.shortCode), seed: tileSeed(store.id, store.qrVersion), moduleSize: MODULE_PIXELS, label });
    const isFile = new URL(request.url).searchParams.get("format") === "svg";
    return new Response(svg, {
      headers: {
        "content-type": "image/svg+xml; charset=utf-8",
        // Opened by itself an SVG is a document; this one has nothing to run or load.
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "cache-control": "private, max-age=300",
        ...(isFile ? { "content-disposition": `attachment; filename="cocopay-${store.shortCode}.svg"` } : {}),
      },
    });
  } catch (error) {
    if (error instanceof DomainError) return new Response(null, { status: 404 });
    throw error;
  }
}
