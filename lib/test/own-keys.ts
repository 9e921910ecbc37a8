import { randomBytes } from "node:crypto";
import { sql } from "@/db/client";
import { custodyOf } from "@/lib/accounts/queries";
import { ownerProofMessage, type OwnerInput, type OwnerKind } from "@/lib/accounts/rules";
import { startTakeover } from "@/lib/accounts/start-takeover";
import type { Actor } from "@/lib/auth/actor";
import type { ChainId } from "@/lib/chain/chains";
import { addressOfOwnerKey, signMessageWithOwnerKey } from "@/lib/chain/owner-key";
import { signHash } from "@/lib/chain/sign-hash";
import { operationHash, parseOperation } from "@/lib/chain/user-operation";
import { preparedOperations, type PreparedView } from "@/lib/operations/queries";
import { submitSignature } from "@/lib/operations/submit-signature";
import { confirm, makePayer, must, paymentOf, type ChainWorld, type Payer } from "./chain-world";
import { runJobs } from "./run-jobs";

/** A key that a person holds, as a browser has it. */
export type OwnKey = ReturnType<typeof makeOwnKey>;

export function makeOwnKey(kind: OwnerKind = "recovery_key") {
  const key = new Uint8Array(randomBytes(32));
  const address = addressOfOwnerKey(key);
  return {
    key,
    address,
    /** What the takeover's form sends. */
    ownerOf: (account: string, name = "Chave"): OwnerInput => ({ kind, address, name, proof: signMessageWithOwnerKey(ownerProofMessage({ account, owner: address }), key) }),
    /** What the browser sends for a prepared operation. */
    sign: (prepared: PreparedView) => {
      if (!prepared.op) throw new Error(`the operation is ${prepared.status}`);
      return { operationId: prepared.operationId, signer: address, signature: signHash(operationHash(prepared.chainId, parseOperation(prepared.op)), key) };
    },
  };
}

export const actorOf = (payer: Payer): Actor => ({ ...payer, name: "Marina", phone: "+5548999990000", locale: "pt-BR" });
/** As after a passkey's signature in this session. */
export const stepUp = ({ sessionId }: { sessionId: string }) => sql`UPDATE sessions SET stepped_up_at = now() WHERE id = ${sessionId}`;

/** Every job and every operation, on all chains, until nothing moves any more. */
export async function settleAll(worlds: readonly ChainWorld[]) {
  await runJobs();
  for (const world of worlds) await world.settle();
  await runJobs();
}

export async function takeOver(payer: Payer, keys: readonly OwnKey[]) {
  await stepUp(payer);
  return startTakeover(actorOf(payer), { owners: keys.map((key) => key.ownerOf(payer.address)) });
}

/** A person with dollars who took the account over on all chains, and the two keys. */
export async function makeOwner(worlds: ChainWorld[], dollarsUsdMicros: bigint) {
  const payer = await makePayer(worlds, dollarsUsdMicros);
  const [main, second] = [makeOwnKey("passkey"), makeOwnKey()];
  await takeOver(payer, [main, second]);
  await settleAll(worlds);
  const { state } = await custodyOf(payer);
  if (state !== "self_custody") throw new Error(`the takeover ended as ${state}`);
  return { payer, main, second };
}

/** Signs what waits for its owner, as the browser does. */
export async function signAll(payer: Payer, subjectId: string, key: OwnKey) {
  for (const prepared of await preparedOperations(payer, { subjectId })) if (prepared.status === "prepared") await submitSignature(actorOf(payer), key.sign(prepared));
}

type Store = { storeId: string; shortCode: string };

/** Confirms a payment and has it prepared: it waits for its owner's signature. */
export async function preparePayment(world: ChainWorld, payer: Payer, store: Store, amountUsdMicros = 1_000_000n) {
  const id = await confirm(payer, store, amountUsdMicros, { chainId: world.chainId });
  await world.sign();
  return { id, prepared: must((await preparedOperations(payer, { subjectId: id }))[0]) };
}

/** A payment of a self-custody account, from the tap to the chain. */
export async function payAsOwner(world: ChainWorld, payer: Payer, store: Store, key: OwnKey) {
  const { id } = await preparePayment(world, payer, store);
  await signAll(payer, id, key);
  await world.settle();
  return paymentOf(id);
}

/** Status and attempts of an operation. */
export const operationOf = async (id: string) =>
  must((await sql<{ status: string; attempts: number; user_op_hash: string | null; error_code: string | null; chain_id: ChainId }[]>`SELECT status, attempts, user_op_hash, error_code, chain_id FROM user_operations WHERE id = ${id}`)[0]);
