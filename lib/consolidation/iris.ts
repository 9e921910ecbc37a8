import "server-only";
import { z } from "zod";
import type { Hex } from "@/lib/chain/addresses";
import { CCTP_DOMAIN } from "@/lib/chain/bridges";
import { CCTP_FINALITY } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { irisUrl } from "@/lib/env";

/** Circle's attestation service: https://developers.circle.com/api-reference/cctp. It allows 35 questions a second. */
const TIMEOUT_MS = 5_000;
const FEES_FRESH_MS = 60_000;

const HEX = z.string().regex(/^0x[0-9a-f]*$/i);
const Messages = z.object({ messages: z.array(z.object({ message: HEX, attestation: z.string(), status: z.string() })) });
const Fees = z.array(z.object({ finalityThreshold: z.number(), minimumFee: z.number().min(0).max(1_000) }));

export type Attested = { message: Hex; attestation: Hex };

/** The service could not be asked, or answered what nobody understands. */
export class IrisUnreachableError extends Error {}

async function ask(path: string): Promise<Response> {
  try {
    return await fetch(`${irisUrl()}${path}`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
  } catch (error) {
    throw new IrisUnreachableError(`Iris did not answer: ${String(error)}`);
  }
}

/**
 * The signed messages of a transaction; `unknown` while the service has not seen it (404), `pending` while it waits for confirmations.
 * Throws IrisUnreachableError.
 */
export async function readAttestations(from: ChainId, txHash: string): Promise<Attested[] | "unknown" | "pending"> {
  const response = await ask(`/v2/messages/${CCTP_DOMAIN[from]}?transactionHash=${txHash}`);
  if (response.status === 404) return "unknown";
  if (!response.ok) throw new IrisUnreachableError(`Iris answered ${response.status}`);
  const parsed = Messages.safeParse(await response.json().catch(() => null));
  if (!parsed.success) throw new IrisUnreachableError("Iris answered something else than messages");
  const complete = parsed.data.messages.filter(({ status, attestation }) => status === "complete" && HEX.safeParse(attestation).success);
  return complete.length === 0 ? "pending" : complete.map(({ message, attestation }) => ({ message: message as Hex, attestation: attestation as Hex }));
}

/** Asks for a fast message to be signed anew whose time on the other chain is over. Throws IrisUnreachableError. */
export async function requestReattestation(nonce: Hex): Promise<void> {
  try {
    await fetch(`${irisUrl()}/v2/reattest/${nonce}`, { method: "POST", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new IrisUnreachableError(`Iris did not answer: ${String(error)}`);
  }
}

const known = new Map<string, { at: number; hundredths: bigint | null }>();

/**
 * What a fast transfer between two chains costs now, in hundredths of a basis point; null where there is none. Asked at most once a minute.
 * Throws IrisUnreachableError.
 */
export async function readFastFee(from: ChainId, to: ChainId): Promise<bigint | null> {
  const key = `${irisUrl()} ${from} ${to}`;
  const before = known.get(key);
  if (before && Date.now() - before.at < FEES_FRESH_MS) return before.hundredths;
  const response = await ask(`/v2/burn/USDC/fees/${CCTP_DOMAIN[from]}/${CCTP_DOMAIN[to]}`);
  const parsed = Fees.safeParse(response.ok ? await response.json().catch(() => null) : null);
  if (!parsed.success) throw new IrisUnreachableError("Iris answered no fees");
  const fast = parsed.data.find(({ finalityThreshold }) => finalityThreshold === CCTP_FINALITY.fast);
  // A rate, not money: rounded up to what the burn's own arithmetic takes.
  const hundredths = fast ? BigInt(Math.ceil(fast.minimumFee * 100)) : null;
  known.set(key, { at: Date.now(), hundredths });
  return hundredths;
}
