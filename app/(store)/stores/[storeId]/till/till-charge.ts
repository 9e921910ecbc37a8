import { qrSvg } from "@/components/qr-code";
import { tileSeed } from "@/components/tile-art";
import type { Charge } from "@/lib/charges/payable-charge";
import type { ChargeLine, ChargeState } from "@/lib/charges/rules";
import type { Currency } from "@/lib/money";

/** A charge as its till shows it. JSON: amounts are integers as text. */
export type TillCharge = {
  id: string;
  currency: Currency;
  amountUsdMicros: string;
  amountBrlCentavos: string;
  note: string | null;
  lines: ChargeLine[];
  isTipAllowed: boolean;
  state: ChargeState;
  /** A wallet holds it and has not said yet that it paid: the till may still take it back. */
  isWalletAsked: boolean;
  /** Counted by the server: the till's clock may be wrong. */
  secondsLeft: number;
  createdAt: string;
  expiresAt: string;
  /** Made for a customer whose code was scanned; the name where it is not hidden. */
  customer: { name: string | null } | null;
  /** What the code says, and the code itself, drawn here so that the browser needs no encoder. */
  link: string;
  qr: string;
};

type Store = { id: string; qrVersion: number };

/** `link` is the charge's public address, `label` what a reader says of its code. */
export function tillChargeOf(charge: Charge, { id, qrVersion }: Store, { link, label }: { link: string; label: string }, now = new Date()): TillCharge {
  return {
    id: charge.id,
    currency: charge.currency,
    amountUsdMicros: charge.amountUsdMicros.toString(),
    amountBrlCentavos: charge.amountBrlCentavos.toString(),
    note: charge.note,
    lines: charge.lines,
    isTipAllowed: charge.isTipAllowed,
    state: charge.state,
    isWalletAsked: isWalletAskedOf(charge),
    secondsLeft: secondsLeftOf(charge, now),
    createdAt: charge.createdAt.toISOString(),
    expiresAt: charge.expiresAt.toISOString(),
    customer: charge.customerId ? { name: charge.customerName } : null,
    link,
    qr: qrSvg({ text: link, seed: tileSeed(id, qrVersion), label }),
  };
}

export const secondsLeftOf = ({ expiresAt }: Pick<Charge, "expiresAt">, now = new Date()): number => Math.max(0, Math.ceil((expiresAt.getTime() - now.getTime()) / 1000));

export const isWalletAskedOf = ({ hold }: Pick<Charge, "hold">): boolean => hold !== null && !hold.isReported;

/** What an open till asks every two seconds. */
export type ChargeNews = Pick<TillCharge, "state" | "isWalletAsked" | "secondsLeft">;
