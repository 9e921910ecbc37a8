import "server-only";
import { sql } from "@/db/client";
import { findClaim, whyRefused } from "@/lib/chain/arrivals";
import type { Address } from "@/lib/chain/addresses";
import { receiptOf } from "@/lib/chain/operator";
import { proofFor, readBridgeFee, readInboxRoot, readOutbox, readOutboxLeaves } from "@/lib/chain/sucker-state";
import { claimCall, parseOutboxLeaves, toRemoteCall, type OutboxLeaf } from "@/lib/chain/suckers";
import { invariant } from "@/lib/errors";
import { settleMissedArrival } from "@/lib/follower/settle-missed-arrival";
import { hasOpenCall, operatorCallOf, queueOperatorCall, requeueMinedCall } from "@/lib/operations/queue-call";
import type { Found, Look, Open } from "./advance";
import { LATE_SECONDS } from "./rules";

/** What the bridge asks may rise until the call is mined; what is too much comes back to the operator (JBCCIPSucker). */
const FEE_HEADROOM_PERCENT = 130n;
/** A bridge that asks for more than this is broken, or somebody lies to us about it. */
const FEE_WEI_MAX = 5n * 10n ** 15n;
const SEARCH_FROM_LOOK = 6;

/** One look at rewards that have left: find their leaf, have its root sent, wait for it on the other side, have the leaf claimed. Throws when a node is out of reach. */
export async function advanceRewards(open: Open): Promise<Look> {
  const { sucker } = open;
  invariant(sucker, "rewards go through a sucker");
  if (open.stage === "left") return sendRoot(open, sucker);
  if (open.stage === "rooted") return awaitRoot(open, sucker);
  return claim(open, sucker);
}

/** The leaf in the receipt of the operation that prepared it. Null while the chain does not have that transaction (any more). */
async function findLeaf(open: Open, sucker: Address): Promise<OutboxLeaf | null> {
  const receipt = open.leftTxHash && (await receiptOf(open.from, open.leftTxHash));
  if (!receipt) return null;
  const taken = new Set((await sql<{ leaf_index: number }[]>`SELECT leaf_index FROM consolidations WHERE from_chain_id = ${open.from}::chain_id AND sucker = ${sucker} AND id <> ${open.id} AND leaf_index IS NOT NULL`).map((row) => row.leaf_index));
  return parseOutboxLeaves(receipt.logs, sucker).find((leaf) => leaf.beneficiary === open.recipient && leaf.projectTokenUnits === open.units && !taken.has(leaf.index)) ?? null;
}

async function sendRoot(open: Open, sucker: Address): Promise<Look> {
  const leaf = open.leafIndex === null ? await findLeaf(open, sucker) : { index: open.leafIndex, terminalTokenUnits: open.leafUsdMicros ?? 0n };
  if (!leaf) return { waits: null };
  const found: Found = { leafIndex: leaf.index, leafUsdMicros: leaf.terminalTokenUnits };
  const outbox = await readOutbox(open.from, sucker);
  const call = await operatorCallOf("sucker_root", open.id);
  if (outbox.sentLeaves > leaf.index) return { stage: "rooted", found: { ...found, step: { step: "root", chainId: open.from, txHash: call?.txHash ?? null } } };
  // Somebody else's root that is on its way takes this leaf along.
  if (outbox.leaves > leaf.index && !(await hasOpenCall("sucker_root", { chainId: open.from, target: sucker, exceptFor: open.id }))) {
    if (call?.status === "mined" && open.looks >= SEARCH_FROM_LOOK) await requeueMinedCall("sucker_root", open.id);
    const feeWei = call?.status === "queued" && !call.error ? null : ((await readBridgeFee(open.from, open.to, sucker)) * FEE_HEADROOM_PERCENT) / 100n;
    if (feeWei !== null && feeWei > FEE_WEI_MAX) return { waits: "bridge_late", found };
    if (feeWei !== null) await queueOperatorCall({ chainId: open.from, purpose: "sucker_root", subjectId: open.id, call: toRemoteCall(open.from, sucker, feeWei) });
  }
  return { waits: call?.error ? "call_refused" : null, found };
}

/** Every leaf of the outbox, and this one in it. Null when a reorg is moving them. */
async function leavesWith(open: Open, sucker: Address): Promise<{ leaves: OutboxLeaf[]; leaf: OutboxLeaf } | null> {
  const [deployment] = await sql<{ block: string | null }[]>`SELECT block_number::text AS block FROM store_deployments WHERE store_id = ${open.storeId} AND chain_id = ${open.from}::chain_id`;
  const leaves = await readOutboxLeaves(open.from, sucker, BigInt(deployment?.block ?? 0));
  const leaf = open.leafIndex === null ? undefined : leaves[open.leafIndex];
  return leaf && leaf.beneficiary === open.recipient && leaf.projectTokenUnits === open.units ? { leaves, leaf } : null;
}

async function awaitRoot(open: Open, sucker: Address): Promise<Look> {
  const known = await leavesWith(open, sucker);
  const proof = known && proofFor(known.leaves, known.leaf.index, await readInboxRoot(open.to, sucker));
  if (proof) return { stage: "delivered", found: { step: { step: "bridge", chainId: open.to, txHash: null } } };
  // A reorg may have taken the root back: then it is sent anew.
  const outbox = await readOutbox(open.from, sucker);
  if (open.leafIndex !== null && outbox.sentLeaves <= open.leafIndex) return { stage: "left" };
  return { waits: open.secondsSinceLeft > LATE_SECONDS.bridge ? "bridge_late" : null };
}

async function claim(open: Open, sucker: Address): Promise<Look> {
  const known = await leavesWith(open, sucker);
  const proof = known && proofFor(known.leaves, known.leaf.index, await readInboxRoot(open.to, sucker));
  if (!known || !proof) return { stage: "rooted" };
  const request = claimCall(open.to, sucker, known.leaf, proof);
  const call = await operatorCallOf("sucker_claim", open.id);
  if (open.looks >= SEARCH_FROM_LOOK) {
    const refusal = await whyRefused(open.to, request);
    if (refusal !== null) {
      // Paid out already, by us or by a stranger, in a block that was followed before anybody looked for it.
      await settleMissed(open, sucker, known.leaf);
      return { waits: call?.error ? "call_refused" : null };
    }
    if (call?.status === "mined") await requeueMinedCall("sucker_claim", open.id);
  }
  await queueOperatorCall({ chainId: open.to, purpose: "sucker_claim", subjectId: open.id, call: request });
  return { waits: null };
}

async function settleMissed(open: Open, sucker: Address, leaf: OutboxLeaf) {
  const event = await findClaim(open.to, { sucker, index: leaf.index }, open.toFromBlock);
  if (!event) return;
  const { blockNumber, blockHash, transactionHash: txHash, logIndex } = event;
  await settleMissedArrival(open.to, { blockNumber, blockHash, txHash, logIndex, recipient: event.beneficiary, units: event.projectTokenUnits, sucker, index: event.index });
}
