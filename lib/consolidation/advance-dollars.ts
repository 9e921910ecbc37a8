import "server-only";
import { sql } from "@/db/client";
import { findMint, isMessageReceived, whyMessageRefused } from "@/lib/chain/arrivals";
import { CCTP_DOMAIN, cctpContracts } from "@/lib/chain/bridges";
import { parseBurnMessage, receiveMessageCall, type BurnMessage } from "@/lib/chain/cctp";
import { USDC } from "@/lib/chain/addresses";
import { settleMissedArrival } from "@/lib/follower/settle-missed-arrival";
import { invariant } from "@/lib/errors";
import { log } from "@/lib/log";
import { operatorCallOf, queueOperatorCall, requeueMinedCall } from "@/lib/operations/queue-call";
import type { Look, Open } from "./advance";
import { readAttestations, requestReattestation, type Attested } from "./iris";
import { LATE_SECONDS } from "./rules";

/** The follower sees an arrival by itself within moments; from this look on it is searched for. */
const SEARCH_FROM_LOOK = 6;

/** One look at dollars that have left: ask for the attestation, then have them minted. Throws when somebody is out of reach. */
export const advanceDollars = (open: Open): Promise<Look> => (open.stage === "left" ? attest(open) : mint(open));

async function attest(open: Open): Promise<Look> {
  invariant(open.leftTxHash, "what left has its transaction");
  const answer = await readAttestations(open.from, open.leftTxHash);
  if (answer === "unknown" || answer === "pending") return { waits: open.secondsSinceLeft > LATE_SECONDS.attestation ? "attestation_late" : null };
  const taken = new Set(
    (await sql<{ message_nonce: string }[]>`SELECT message_nonce FROM consolidations WHERE from_chain_id = ${open.from}::chain_id AND left_tx_hash = ${open.leftTxHash} AND id <> ${open.id} AND message_nonce IS NOT NULL`).map((row) => row.message_nonce),
  );
  for (const attested of answer) {
    const burn = parseBurnMessage(attested.message);
    if (!burn || taken.has(burn.nonce) || !isOurs(burn, open)) continue;
    if (await isAccepted(open, attested, burn)) {
      return { stage: "attested", found: { ...attested, nonce: burn.nonce, step: { step: "attest", chainId: open.from, txHash: null } } };
    }
    return { waits: "attestation_wrong" };
  }
  log().warn({ consolidationId: open.id, txHash: open.leftTxHash }, "the attestation service names other burns than ours");
  return { waits: "attestation_wrong" };
}

/** The service is asked over the network: everything that it could change is compared with what was burned. */
const isOurs = (burn: BurnMessage, { from, to, sender, recipient, units }: Open): boolean =>
  burn.sourceDomain === CCTP_DOMAIN[from] && burn.destinationDomain === CCTP_DOMAIN[to] && burn.sender === cctpContracts(from).tokenMessenger && burn.recipient === cctpContracts(to).tokenMessenger &&
  burn.burnToken === USDC[from] && burn.messageSender === sender && burn.mintRecipient === recipient && burn.amountUsdMicros === units && burn.feeUsdMicros <= burn.maxFeeUsdMicros;

/** The chain itself judges the signature, before an operator pays for a refusal. Received already is as good as accepted. */
async function isAccepted(open: Open, attested: Attested, burn: BurnMessage): Promise<boolean> {
  const refusal = await whyMessageRefused(open.to, attested);
  if (refusal === null || (await isMessageReceived(open.to, burn.nonce))) return true;
  log().warn({ consolidationId: open.id, refusal }, "attestation refused");
  if (/expired/i.test(refusal)) await requestReattestation(burn.nonce);
  return false;
}

async function mint(open: Open): Promise<Look> {
  const { message, attestation, nonce } = open;
  invariant(message && attestation && nonce, "what is attested has its message");
  if (await isMessageReceived(open.to, nonce)) {
    if (open.looks >= SEARCH_FROM_LOOK) await settleMissed(open, nonce);
    return { waits: null };
  }
  const call = await operatorCallOf("cctp_mint", open.id);
  // Its time was over, or it never was good: a new one is asked for.
  if (call?.status === "failed") return { stage: "left", found: { message: null, attestation: null, nonce: null } };
  // Mined and not received: a reorg took it back, and the bytes did not come again.
  if (call?.status === "mined" && open.looks >= SEARCH_FROM_LOOK) await requeueMinedCall("cctp_mint", open.id);
  await queueOperatorCall({ chainId: open.to, purpose: "cctp_mint", subjectId: open.id, call: receiveMessageCall(open.to, { message, attestation }) });
  return { waits: call?.error ? "call_refused" : null };
}

async function settleMissed(open: Open, nonce: NonNullable<Open["nonce"]>) {
  const event = await findMint(open.to, nonce, open.toFromBlock);
  if (!event) return;
  const { blockNumber, blockHash, transactionHash: txHash, logIndex } = event;
  await settleMissedArrival(open.to, { blockNumber, blockHash, txHash, logIndex, recipient: event.mintRecipient, units: event.amountUsdMicros, nonce });
}
