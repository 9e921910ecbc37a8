import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { makePayment } from "@/lib/test/paid-payment";
import type { World } from "./people";
import { member, memberRoute, person, type Row } from "./rows";

/** A sale by a wallet without an account, paid as its page asked. */
async function makeSale({ storeId }: World): Promise<string> {
  const { id } = await makePayment({ storeId });
  await sql`
    INSERT INTO outside_payments (id, chain_id, store_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, log_index, block_number, block_hash)
    VALUES (${newId()}, '84532', ${storeId}, ${id}, 'paid', ${`0x${"1".repeat(40)}`}, ${`0x${"1".repeat(40)}`}, 7, 350, 6650, ${`0x${newId().replaceAll("-", "").repeat(2)}`}, 1, 1, ${`0x${"2".repeat(64)}`})`;
  return id;
}

/** A charge that can still be paid, and a till, each made for its row. */
async function makeOpenCharge({ storeId, userIds }: World): Promise<string> {
  const id = newId();
  await sql`
    INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, created_by, expires_at)
    VALUES (${id}, ${storeId}, ${id}, ${"0".repeat(64)}, 'BRL', 3850, 7, 5.5, now(), ${userIds.owner}, now() + interval '10 minutes')`;
  return id;
}
async function makeTill({ storeId, userIds }: World): Promise<string> {
  const id = newId();
  await sql`INSERT INTO tills (id, store_id, name, created_by) VALUES (${id}, ${storeId}, ${id.slice(-12)}, ${userIds.owner})`;
  return id;
}

const STORE = "(store)/stores/[storeId]";
const SALE = `${STORE}/payments/[transactionId]/actions`;

/** What is done in a store's name. */
export const STORE_ROWS: Record<string, Row> = {
  [`${SALE}#quoteRefundAction`]: member("refunds.make", "refund_not_possible", async (w) => ({ fields: { storeId: w.storeId, transactionId: await makeSale(w), amount: "1,00" } })),
  [`${SALE}#requestRefundAction`]: member("refunds.make", "refund_not_possible", async (w) => ({ fields: { storeId: w.storeId, transactionId: await makeSale(w), amount: "1,00", reason: "Bolo", key: newId(), goneUnits: "0" } })),
  [`${SALE}#sendBackAction`]: member("guest_payments.refund", "refund_not_possible", async (w) => ({ fields: { storeId: w.storeId, transactionId: await makeSale(w) } })),
  "(store)/stores/new/actions#openStoreAction": person("reward_rate_invalid", { formKey: newId(), name: "Padaria", symbol: "PADARIA", category: "cafe", place: "Centro", rewardRateBps: "x" }),
  "(store)/stores/new/actions#checkSymbolAction": person("ok", { symbol: "PADARIA", name: "Padaria" }),
  [`${STORE}/actions#retryDeploymentAction`]: member("deployments.retry", "deployment_not_failed", (w) => ({ fields: { storeId: w.storeId, chainId: "84532" } })),
  [`${STORE}/till/actions#checkCodeAction`]: member("code.check", "ok", (w) => ({ fields: { storeId: w.storeId, code: "A7B3C9" } })),
  [`${STORE}/till/actions#makeChargeAction`]: member("charges.make", "ok", (w) => ({ fields: { storeId: w.storeId, key: newId(), currency: "BRL", amount: "3850", typed: "3850" } })),
  [`${STORE}/till/actions#readChargeAction`]: member("till.use", "ok", async (w) => ({ fields: { storeId: w.storeId, chargeId: await makeOpenCharge(w) } })),
  [`${STORE}/till/actions#cancelChargeAction`]: member("charges.make", "ok", async (w) => ({ fields: { storeId: w.storeId, chargeId: await makeOpenCharge(w) } })),
  [`${STORE}/till/actions#chooseTillAction`]: member("till.use", "ok", async (w) => ({ fields: { storeId: w.storeId, tillId: await makeTill(w) } })),
  [`${STORE}/till/actions#addTillAction`]: member("tills.manage", "ok", (w) => ({ fields: { storeId: w.storeId, name: newId().slice(-12) } })),
  [`${STORE}/till/actions#removeTillAction`]: member("tills.manage", "ok", async (w) => ({ fields: { storeId: w.storeId, tillId: await makeTill(w) } })),
  [`${STORE}/till/charges/[chargeId]/route#GET`]: memberRoute("till.use", "http:200", async (w) => ({ params: { storeId: w.storeId, chargeId: await makeOpenCharge(w) } })),
  [`${STORE}/till/actions#readTillAction`]: member("till.use", "ok", (w) => ({ fields: { storeId: w.storeId } })),
  [`${STORE}/exports/payments/route#GET`]: memberRoute("exports.download", "http:200", (w) => ({ params: { storeId: w.storeId }, query: "?format=pt-BR" })),
  [`${STORE}/exports/payouts/route#GET`]: memberRoute("payouts.manage", "http:200", (w) => ({ params: { storeId: w.storeId } })),
  [`${STORE}/exports/ofx/route#GET`]: memberRoute("exports.download", "http:200", (w) => ({ params: { storeId: w.storeId } })),
  [`${STORE}/exports/statement/route#GET`]: memberRoute("exports.download", "http:200", (w) => ({ params: { storeId: w.storeId } })),
  [`${STORE}/exports/close-day/route#GET`]: memberRoute("exports.download", "http:200", (w) => ({ params: { storeId: w.storeId }, query: "?format=pdf" })),
  "api/live/stores/[storeId]/route#GET": memberRoute("till.use", "http:200", (w) => ({ params: { storeId: w.storeId } })),
};
