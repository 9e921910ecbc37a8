import sharp from "sharp";
import { getLocale, getTranslations } from "next-intl/server";
import { qrSvg } from "@/components/qr-code";
import { tileSeed } from "@/components/tile-art";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getStoreFrame } from "@/lib/stores/queries";
import { qrKitPdf } from "../kit-pdf";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Pixels of one module: printed 3 cm wide the picture has over 1,000 dots an inch. */
const MODULE_PIXELS = 32;
const refuse = (status: number) => new Response(null, { status, headers: { "cache-control": "no-store" } });

/** A file of the store's QR, for every member: `?file=a4`, `a6`, `stickers` or `png`. */
export async function GET(request: Request, { params }: RouteContext<"/stores/[storeId]/qr/kit">) {
  const actor = await optionalActor();
  if (!actor) return refuse(401);
  const file = new URL(request.url).searchParams.get("file");
  try {
    const { store } = await getStoreFrame(actor, (await params).storeId);
    const [t, locale] = await Promise.all([getTranslations("store"), getLocale()]);
    const seed = tileSeed(store.id, store.qrVersion);
    const title = t("qrLabel", { name: store.name });
    const words = { pay: t("posterPay"), code: t("posterCode"), word: t("posterWord"), rewards: t("posterRewards") };
    if (file === "png") return download(await sharp(Buffer.from(qrSvg({ text: store.payUrl, seed, moduleSize: MODULE_PIXELS, label: title }))).png({ compressionLevel: 9 }).toBuffer(), "image/png", `cocopay-${store.shortCode}.png`);
    if (file !== "a4" && file !== "a6" && file !== "stickers") return refuse(404);
    return download(await qrKitPdf({ name: store.name, payUrl: store.payUrl, shortCode: store.shortCode, seed, words, title, language: locale }, file), "application/pdf", `cocopay-${store.shortCode}-${file}.pdf`);
  } catch (error) {
    if (error instanceof DomainError) return refuse(error.code === "forbidden" ? 403 : 404);
    throw error;
  }
}

const download = (bytes: Uint8Array, type: string, name: string) =>
  new Response(new Uint8Array(bytes), { headers: { "content-type": type, "content-disposition": `attachment; filename="${name}"`, "cache-control": "private, no-store", "x-content-type-options": "nosniff" } });
