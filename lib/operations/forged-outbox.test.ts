import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { decodeFunctionData } from "viem";
import { beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { erc20Abi, multiTerminalAbi } from "@/lib/chain/abis";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import { paymentMemo } from "@/lib/chain/pay";
import { newId } from "@/lib/ids";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { quotePayment } from "@/lib/payments/quote-payment";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { operationCalls, type OperationSubject } from "./operation-calls";
import { OPERATION_KINDS } from "./rules";

/**
 * The paymaster and the managed key sign what operationCalls builds and nothing else: whatever stands in the outbox, it answers the calls
 * of the subject's own row or refuses.
 */
let store: Awaited<ReturnType<typeof makeStore>>;
beforeAll(async () => {
  await makeRate();
  store = await makeStore({ chainIds: ["84532", "11155420"] });
});

async function confirmed(amountText = "7,00") {
  const payer = await makePerson({ dollarsUsdMicros: 400_000_000n });
  const { signed, quote } = await quotePayment(payer.actor, { shortCode: store.shortCode, currency: "USD", amountText });
  const { transactionId } = await confirmPayment(payer.actor, { key: randomUUID(), quote: signed });
  const operation: OperationSubject = { id: transactionId, chainId: "84532", kind: "payment", subjectId: transactionId, sender: payer.address };
  return { payer, quote, operation };
}

test("a payment is one allowance of exactly its amount to the terminal, and one payment of it to its store, for its payer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 39_999 }), async (cents) => {
      const { payer, quote, operation } = await confirmed((cents / 100).toFixed(2).replace(".", ","));
      const { calls } = await operationCalls(operation);
      expect(calls.map(({ to, value }) => [to, value ?? 0n])).toEqual([[USDC["84532"], 0n], [JUICEBOX.multiTerminal, 0n]]);
      const [deployment] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${store.storeId} AND chain_id = '84532'`;
      const [approve, pay] = [decodeFunctionData({ abi: erc20Abi, data: calls[0]!.data }), decodeFunctionData({ abi: multiTerminalAbi, data: calls[1]!.data })];
      expect(approve.functionName).toBe("approve");
      expect((approve.args as readonly unknown[]).map((value) => String(value).toLowerCase())).toEqual([JUICEBOX.multiTerminal, quote.amountUsdMicros.toString()]);
      expect(pay.functionName).toBe("pay");
      expect((pay.args as readonly unknown[]).map((value) => String(value).toLowerCase())).toEqual(
        [deployment!.project_id, USDC["84532"], quote.amountUsdMicros, payer.address, quote.rewardUnits, paymentMemo(operation.id), "0x"].map((value) => String(value).toLowerCase()),
      );
    }),
    { numRuns: 15 },
  );
});

test("no other field of the outbox row changes what is signed: it refuses, or it is the row's own", async () => {
  const [mine, other] = [await confirmed(), await confirmed("9,00")];
  const own = await operationCalls(mine.operation);
  const forged: Partial<OperationSubject>[] = [
    { sender: other.payer.address },
    { sender: `0x${"ab".repeat(20)}` },
    { chainId: "11155420" },
    { id: other.operation.id },
    { id: newId() },
    ...OPERATION_KINDS.filter((kind) => kind !== "payment").map((kind) => ({ kind })),
    ...OPERATION_KINDS.filter((kind) => kind !== "payment").map((kind) => ({ kind, subjectId: other.payer.actor.userId })),
  ];
  for (const change of forged) await expect(operationCalls({ ...mine.operation, ...change }), JSON.stringify(change)).rejects.toThrow();
  expect(await operationCalls({ ...mine.operation, subjectId: other.operation.id })).toEqual(own);
});

test.each([
  ["a settled payment", (id: string) => sql`UPDATE transactions SET status = 'confirmed' WHERE id = ${id}`],
  ["a failed payment", (id: string) => sql`UPDATE transactions SET status = 'failed' WHERE id = ${id}`],
  ["a row that is no payment", (id: string) => sql`UPDATE transactions SET type = 'payout' WHERE id = ${id}`],
  ["an amount over the limit", (id: string) => sql`UPDATE transactions SET amount_usd = 10000.01 WHERE id = ${id}`],
  ["an amount over what is left of the day", (id: string) => sql`UPDATE transactions SET amount_usd = 500.01 WHERE id = ${id}`],
  ["no amount", (id: string) => sql`UPDATE transactions SET amount_usd = 0 WHERE id = ${id}`],
  ["a store without a revnet", (id: string) => sql`UPDATE transactions SET store_id = NULL WHERE id = ${id}`],
  ["a frozen account", (id: string) => sql`UPDATE users SET frozen_at = now() WHERE id = (SELECT from_user_id FROM transactions WHERE id = ${id})`],
])("%s is not signed", async (_what, spoil) => {
  const { operation } = await confirmed();
  await spoil(operation.id);
  await expect(operationCalls(operation)).rejects.toThrow();
});

test("the web process cannot write into the outbox at all", async () => {
  const { operation } = await confirmed();
  const asWeb = (statement: string) =>
    sql.begin(async (tx) => {
      await tx.unsafe("SET LOCAL ROLE cocopay_web");
      await tx.unsafe(statement);
    });
  for (const statement of [
    `UPDATE user_operations SET sender = '0x${"ab".repeat(20)}' WHERE id = '${operation.id}'`,
    `INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key) VALUES ('${newId()}', '84532', 'payment', '${operation.id}', '${operation.sender}', 1)`,
    `UPDATE transactions SET amount_usd = 1 WHERE id = '${operation.id}'`,
    `DELETE FROM user_operations WHERE id = '${operation.id}'`,
  ]) await expect(asWeb(statement)).rejects.toThrow("permission denied");
});
