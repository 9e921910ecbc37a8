import { getLocale, getTranslations } from "next-intl/server";
import { qrSvg } from "@/components/qr-code";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { formatBrl } from "@/lib/money-format";
import { getTillPix, isPixReadyAt } from "@/lib/tillpix/queries";
import type { PixNews } from "../../pix-news";

const NO_STORE = { headers: { "Cache-Control": "no-store" } };

/** Where a charge's Pix stands, with its codes drawn: what the till asks while it waits. */
export async function GET(_request: Request, { params }: RouteContext<"/stores/[storeId]/till/pix/[chargeId]">) {
  const actor = await optionalActor();
  if (!actor) return Response.json({ error: "signed_out" }, { status: 401, ...NO_STORE });
  try {
    const { storeId, chargeId } = await params;
    const [isReady, view] = await Promise.all([isPixReadyAt(actor, storeId), getTillPix(actor, { storeId, chargeId })]);
    const [t, locale] = await Promise.all([getTranslations("tillpix"), getLocale()]);
    const news: PixNews = {
      isReady,
      view: view && {
        ...view,
        qr: view.code && qrSvg({ text: view.code.brCode, label: t("qrLabel", { amount: formatBrl(BigInt(view.amountBrlCentavos), locale) }) }),
        receiptQr: qrSvg({ text: view.receiptUrl, label: t("reward.scanLabel"), moduleSize: 4 }),
      },
    };
    return Response.json(news, NO_STORE);
  } catch (error) {
    if (error instanceof DomainError) return Response.json({ error: error.code }, { status: error.code === "forbidden" ? 403 : 404, ...NO_STORE });
    throw error;
  }
}
