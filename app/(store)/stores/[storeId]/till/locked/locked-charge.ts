import { qrSvg } from "@/components/qr-code";
import { tileSeed } from "@/components/tile-art";
import type { WatchedCharge } from "@/lib/charges/locked-till";
import type { Currency } from "@/lib/money";
import { secondsLeftOf } from "../till-charge";

/** A charge as a locked till shows it: what is owed or was paid, and nothing of what was sold or to whom. JSON: amounts are integers as text. */
export type LockedCharge = {
  id: string;
  state: "waiting" | "paying" | "paid";
  secondsLeft: number;
  currency: Currency;
  amount: string;
  /** Made for one customer, who confirms without a code to scan. */
  isForCustomer: boolean;
  /** The confirmation code, once it is paid. */
  code: string | null;
  /** Paid as the till was locked, so that nobody has seen it. */
  isUnseen: boolean;
};

export function lockedChargeOf({ charge, paid }: WatchedCharge, now = new Date()): LockedCharge {
  const brlCentavos = paid ? paid.amountBrlCentavos : charge.currency === "BRL" ? charge.amountBrlCentavos : null;
  return {
    id: charge.id,
    state: paid ? "paid" : charge.state === "paying" ? "paying" : "waiting",
    secondsLeft: secondsLeftOf(charge, now),
    currency: brlCentavos === null ? "USD" : "BRL",
    amount: (brlCentavos ?? paid?.amountUsdMicros ?? charge.amountUsdMicros).toString(),
    isForCustomer: charge.customerId !== null,
    code: paid?.code ?? null,
    isUnseen: paid?.isUnseen ?? false,
  };
}

/** The code of the newest charge that can be scanned, or can again when a wallet that holds it lets go; null where there is none. Drawn here, so that the browser needs no encoder. */
export function lockedQrOf(watched: readonly WatchedCharge[], { id, qrVersion }: { id: string; qrVersion: number }, { linkOf, label }: { linkOf: (chargeId: string) => string; label: string }): { chargeId: string; svg: string } | null {
  const open = watched.find(({ charge }) => (charge.state === "open" || charge.state === "paying") && !charge.customerId)?.charge;
  return open ? { chargeId: open.id, svg: qrSvg({ text: linkOf(open.id), seed: tileSeed(id, qrVersion), label }) } : null;
}
