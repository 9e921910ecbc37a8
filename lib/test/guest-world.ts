import { randomBytes } from "node:crypto";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import { guestMemo, payCalls } from "@/lib/chain/pay";
import { fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import type { OutsideOutcome } from "@/lib/guests/rules";
import { openGuestPayment } from "@/lib/guests/open-guest-payment";
import type { Currency } from "@/lib/money";
import { must, type ChainWorld } from "./chain-world";

/** A wallet of somebody's own, with ether for gas and dollars. It signs nothing here: the local chain acts as it. */
export async function makeWallet(worlds: ChainWorld | ChainWorld[], dollarsUsdMicros = 100_000_000n): Promise<Address> {
  const address: Address = `0x${randomBytes(20).toString("hex")}`;
  for (const world of [worlds].flat()) {
    await fundOperator(world.chain.client, address);
    if (dollarsUsdMicros > 0n) await usdcFaucet({ client: world.chain.client, chainId: world.chainId, to: address, amountUsdMicros: dollarsUsdMicros });
  }
  return address;
}

export const stranger = { ip: "203.0.113.7", deviceId: "S".repeat(22) };

/** A page for a wallet, as the amount form opens it, by the chain's clock: stores of tests start a little in the future. */
export async function openPage(store: { storeId: string; shortCode: string }, cents: bigint, { person = null, currency = "USD" }: { person?: { userId: string } | null; currency?: Currency } = {}) {
  const [row] = await sql<{ now: Date }[]>`SELECT GREATEST(starts_at + interval '1 second', now()) AS now FROM stores WHERE id = ${store.storeId}`;
  return openGuestPayment(stranger, person, { shortCode: store.shortCode, currency, amountText: cents.toString() }, must(row).now);
}

type Payment = { store: { storeId: string }; amountUsdMicros: bigint; memo?: string; reference?: string; beneficiary?: Address };

/** The two calls of a wallet's payment; answers the payment's transaction. */
export async function payByWallet(world: ChainWorld, wallet: Address, { store, amountUsdMicros, memo, reference, beneficiary = wallet }: Payment) {
  const calls = await walletCalls(world, { store, amountUsdMicros, memo: memo ?? (reference ? guestMemo(reference) : ""), beneficiary });
  let hash = "";
  for (const call of calls) hash = (await sendAs(world.chain.client, wallet, call)).transactionHash;
  return hash;
}

export async function walletCalls(world: ChainWorld, { store, amountUsdMicros, memo, beneficiary }: { store: { storeId: string }; amountUsdMicros: bigint; memo: string; beneficiary: Address }): Promise<Call[]> {
  const [row] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = ${world.chainId}::chain_id`;
  return payCalls({ chainId: world.chainId, projectId: must(row).project_id, amountUsdMicros, beneficiary, memo, minReturnedUnits: 0n });
}

export type OutsideRow = {
  id: string; outcome: OutsideOutcome; payer: string; amount: string; reward: string; store_units: string; block_number: string | null; refund_status: string | null; refund_operation_id: string | null; refund_tx_hash: string | null; refund_usd: string | null;
  refund_error: string | null; transaction_id: string; guest_payment_id: string | null; status: string; code: string | null; origin: string; from_user_id: string | null; brl: string | null; tx_hash: string;
};

/** What the database says of a store's payments that no operation of ours made, oldest first. */
export const outsideOf = (storeId: string) => sql<OutsideRow[]>`
  SELECT o.id, o.outcome, o.payer, o.amount_usd::text AS amount, o.reward_units::text AS reward, o.store_units::text, o.block_number::text, o.refund_status, o.refund_operation_id, o.refund_tx_hash, o.refund_usd::text, o.refund_error,
         o.transaction_id, o.guest_payment_id, t.status, t.confirmation_code AS code, t.origin, t.from_user_id, t.amount_brl_centavos::text AS brl, o.tx_hash
  FROM outside_payments o JOIN transactions t ON t.id = o.transaction_id WHERE o.store_id = ${storeId} ORDER BY o.id`;

export const pageStatus = async (reference: string) => must((await sql<{ status: string }[]>`SELECT status FROM guest_payments WHERE reference = ${reference}`)[0]).status;
