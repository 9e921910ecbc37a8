import "server-only";
import { findCharge, type Charge } from "@/lib/charges/payable-charge";
import type { ChargeLine } from "@/lib/charges/rules";

/** Whether a page can't pay its charge any more: its till took it back, or another payment has it. */
export const isChargeLost = ({ state, payment, walletReference }: Charge, { reference }: { reference: string }): boolean =>
  state === "cancelled" || (payment !== null && walletReference !== reference);

/** The charge that a page pays, as the browser that opened it sees it. */
export type ChargeOfPage = {
  id: string;
  lines: ChargeLine[];
  note: string | null;
  tipUsdMicros: bigint;
  tipBrlCentavos: bigint;
  /** Why it can't be paid here any more; null while it can. */
  lostTo: "cancelled" | "paid" | null;
};

type Page = { reference: string; chargeId: string | null; tipUsdMicros: bigint | null; tipBrlCentavos: bigint | null };

/** Null for a page of its own amount. */
export async function chargeOfPage(page: Page, now: Date): Promise<ChargeOfPage | null> {
  if (page.chargeId === null) return null;
  const charge = await findCharge(page.chargeId, now);
  const lostTo = !isChargeLost(charge, page) ? null : charge.state === "cancelled" ? "cancelled" : "paid";
  return { id: charge.id, lines: charge.lines, note: charge.note, tipUsdMicros: page.tipUsdMicros ?? 0n, tipBrlCentavos: page.tipBrlCentavos ?? 0n, lostTo };
}
