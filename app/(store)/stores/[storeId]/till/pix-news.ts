import type { TillPixView } from "@/lib/tillpix/rules";

/** What the till hears of a charge's Pix. JSON; the codes are drawn by the server. */
export type PixNews = { isReady: boolean; view: (TillPixView & { qr: string | null; receiptQr: string }) | null };
