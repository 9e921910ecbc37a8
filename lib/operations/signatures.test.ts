import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { encodeExecute, wrapSignature } from "@/lib/chain/account";
import { addressOfKey } from "@/lib/chain/keys";
import { simulateBundle } from "@/lib/chain/operator";
import { payCalls, paymentMemo } from "@/lib/chain/pay";
import { SPONSORSHIP_SECONDS } from "@/lib/chain/paymaster";
import { chainTime } from "@/lib/chain/revnet-state";
import { signHash } from "@/lib/chain/sign-hash";
import { operationHash, parseOperation, serializeOperation, type UserOperation } from "@/lib/chain/user-operation";
import { warpTo } from "@/lib/dev/chain/anvil-client";
import { newId } from "@/lib/ids";
import { dollarsOf, eventsOf, makeOpenStore, makePayer, must, paymentOf, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { actorOf, makeOwner, makeOwnKey, operationOf, payAsOwner, preparePayment, signAll, type OwnKey } from "@/lib/test/own-keys";
import { preparedOperations } from "./queries";
import { ATTEMPTS_MAX } from "./rules";
import { submitSignature } from "./submit-signature";

let worlds: ChainWorld[];
let base: ChainWorld;
let other: ChainWorld;
let store: { storeId: string; shortCode: string };
let secondStore: { storeId: string; shortCode: string };
let payer: Payer;
let main: OwnKey;
let second: OwnKey;
beforeAll(async () => {
  base = await startChainWorld("84532");
  other = await startChainWorld("11155420", base.chain);
  worlds = [base, other];
  store = await makeOpenStore(worlds);
  secondStore = await makeOpenStore(worlds);
  ({ payer, main, second } = await makeOwner(worlds, 100_000_000n));
});
afterAll(() => Promise.all(worlds.map((world) => world.stop())));

const passTime = async (seconds: number) => warpTo(base.chain.client, (await chainTime(base.chainId)) + seconds);
const opOf = (prepared: { op: unknown }): UserOperation => parseOperation(prepared.op);
const signatureOver = (world: ChainWorld, op: UserOperation, key: OwnKey) => signHash(operationHash(world.chainId, op), key.key);
const simulate = (world: ChainWorld, op: UserOperation) => simulateBundle({ chainId: world.chainId, ops: [op], operator: addressOfKey(world.operatorKey) });

async function projectOf(storeId: string) {
  const [row] = await sql<{ project_id: number }[]>`SELECT project_id FROM store_deployments WHERE store_id = ${storeId} AND chain_id = '84532'`;
  return must(row).project_id;
}

test("a payment waits for its owner, and lands with the signature", async () => {
  const { id, prepared } = await preparePayment(base, payer, store);
  expect(prepared).toMatchObject({ operationId: id, kind: "payment", status: "prepared", hash: operationHash("84532", opOf(prepared)) });
  expect(opOf(prepared).signature).toBe("0x");
  expect(await base.sign()).toEqual({ taken: 0, submitted: 0 });
  // Nothing of it goes out before.
  expect(await base.bundle()).toBe(false);
  await signAll(payer, id, main);
  expect(await preparedOperations(payer, { subjectId: id })).toMatchObject([{ status: "submitted", op: null, hash: null }]);
  await base.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", operation: "succeeded", reserved: "0" });
  const [audit] = await sql<{ new_values: object }[]>`SELECT new_values FROM audit_logs WHERE action = 'account.operation_signed' AND resource_id = ${id}`;
  expect(audit?.new_values).toMatchObject({ kind: "payment", signer: main.address });
});

test("the same operation signed twice is one payment, by one owner or by both", async () => {
  const { id, prepared } = await preparePayment(base, payer, store);
  const answers = await Promise.all([main, second, main].map((key) => submitSignature(actorOf(payer), key.sign(prepared))));
  expect(answers).toEqual([{ operationId: id }, { operationId: id }, { operationId: id }]);
  await base.settle();
  expect(await submitSignature(actorOf(payer), main.sign(prepared))).toEqual({ operationId: id });
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
  expect(await eventsOf(id)).toEqual(["paid"]);
  const audits = await sql`SELECT 1 FROM audit_logs WHERE action = 'account.operation_signed' AND resource_id = ${id}`;
  expect(audits.length).toBe(1);
});

test("a signature over another amount, another store, another chain or by another key is refused, and the payment goes on with a right one", async () => {
  const { id, prepared } = await preparePayment(base, payer, store);
  const op = opOf(prepared);
  const call = { chainId: "84532" as const, beneficiary: payer.address, memo: paymentMemo(id), minReturnedUnits: 0n };
  const own = { projectId: await projectOf(store.storeId), amountUsdMicros: 1_000_000n };
  const otherAmount = { ...op, callData: encodeExecute(payCalls({ ...call, ...own, amountUsdMicros: 999_999n })) };
  const otherStore = { ...op, callData: encodeExecute(payCalls({ ...call, ...own, projectId: await projectOf(secondStore.storeId) })) };
  const stranger = makeOwnKey();
  const right = signatureOver(base, op, main);
  const highS = `0x${right.slice(2, 66)}${(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - BigInt(`0x${right.slice(66, 130)}`)).toString(16).padStart(64, "0")}${right.endsWith("1b") ? "1c" : "1b"}`;
  const vectors: [string, string, string][] = [
    ["another amount", main.address, signatureOver(base, otherAmount, main)],
    ["another store", main.address, signatureOver(base, otherStore, main)],
    ["another chain", main.address, signatureOver(other, op, main)],
    ["another key", stranger.address, signatureOver(base, op, stranger)],
    ["another key in an owner's name", main.address, signatureOver(base, op, stranger)],
    ["an owner's in the other's name", second.address, right],
    ["the other form of the same signature", main.address, highS],
    ["no signature", main.address, "0x"],
    ["a short one", main.address, right.slice(0, -2)],
    ["no hex", main.address, "hello"],
    ["a huge one", main.address, `0x${"00".repeat(5_000)}`],
  ];
  for (const [name, signer, signature] of vectors) {
    await expect(submitSignature(actorOf(payer), { operationId: id, signer, signature }), name).rejects.toMatchObject({ code: "signature_invalid" });
  }
  expect(await operationOf(id)).toMatchObject({ status: "prepared" });
  await expect(submitSignature(actorOf(await makePayer(worlds, 0n)), { operationId: id, signer: main.address, signature: right })).rejects.toMatchObject({ code: "not_found" });
  await expect(submitSignature(actorOf(payer), { operationId: newId(), signer: main.address, signature: right })).rejects.toMatchObject({ code: "not_found" });
  await expect(submitSignature(actorOf(payer), { operationId: "x", signer: main.address, signature: right })).rejects.toMatchObject({ code: "not_found" });
  // A hardware wallet's 0 and 1 mean 27 and 28.
  await submitSignature(actorOf(payer), { operationId: id, signer: main.address, signature: `${right.slice(0, -2)}${right.endsWith("1b") ? "00" : "01"}` });
  await base.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
});

test("what is signed for one chain is worth nothing on the other", async () => {
  const { prepared } = await preparePayment(base, payer, store);
  const op = { ...opOf(prepared), signature: wrapSignature(main.address, signatureOver(base, opOf(prepared), main)) };
  expect(await simulate(base, op)).toEqual({ status: "ok" });
  // The chain is inside the operation's hash, and inside the paymaster's approval as well.
  expect(await simulate(other, op)).toMatchObject({ status: "refused" });
  await passTime(SPONSORSHIP_SECONDS + 5);
  await base.follow();
});

test("the paymaster pays for no call that we did not build, however it is signed, and the record takes nothing but a signature", async () => {
  const { id, prepared } = await preparePayment(base, payer, store);
  const op = opOf(prepared);
  const drained = { ...op, callData: encodeExecute(payCalls({ chainId: "84532", projectId: await projectOf(secondStore.storeId), amountUsdMicros: 5_000_000n, beneficiary: payer.address, memo: paymentMemo(id), minReturnedUnits: 0n })) };
  const forged = { ...drained, signature: wrapSignature(main.address, signatureOver(base, drained, main)) };
  expect(await simulate(base, forged)).toMatchObject({ status: "refused", reason: expect.stringContaining("AA34") as string });
  for (const change of [{ maxFeePerGas: op.maxFeePerGas * 50n }, { callGasLimit: 3_000_000n }, { nonce: op.nonce + 1n }]) {
    const inflated = { ...op, ...change };
    expect(await simulate(base, { ...inflated, signature: wrapSignature(main.address, signatureOver(base, inflated, main)) })).toMatchObject({ status: "refused" });
  }
  // Even a broken web process can only add a signature: record_signature compares everything else.
  const record = (hash: string, signed: UserOperation) => sql<{ result: string }[]>`SELECT public.record_signature(${payer.userId}, ${id}, ${hash}, ${JSON.stringify(serializeOperation(signed))}::text::jsonb) AS result`;
  expect(await record(must(prepared.hash), forged)).toMatchObject([{ result: "expired" }]);
  expect(await record(operationHash("84532", drained), forged)).toMatchObject([{ result: "expired" }]);
  expect(await operationOf(id)).toMatchObject({ status: "prepared" });
  await sql.begin(async (tx) => {
    await tx`SET LOCAL ROLE cocopay_web`;
    await expect(tx.savepoint((inner) => inner`UPDATE user_operations SET status = 'submitted' WHERE id = ${id}`)).rejects.toThrow("permission denied");
    await expect(tx.savepoint((inner) => inner`INSERT INTO account_signers (user_id, chain_id, address) VALUES (${payer.userId}, '84532', '0x01')`)).rejects.toThrow("permission denied");
    await expect(tx.savepoint((inner) => inner`UPDATE smart_accounts SET custody_status = 'managed'`)).rejects.toThrow("permission denied");
    const [answer] = await tx<{ result: string }[]>`SELECT public.record_signature(${payer.userId}, ${newId()}, '0x', '{}'::jsonb) AS result`;
    expect(answer?.result).toBe("not_found");
  });
  await signAll(payer, id, second);
  await base.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
});

test("without a signature it ends by the chain's clock, the money is free, and a reorg of that lets it be signed after all", async () => {
  const before = await dollarsOf(payer.userId);
  const { id, prepared } = await preparePayment(base, payer, store);
  await passTime(SPONSORSHIP_SECONDS - 20);
  await base.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "prepared", reserved: "1000000" });
  const snapshot = await base.chain.client.snapshot();
  await passTime(40);
  await expect(base.follow().then(() => submitSignature(actorOf(payer), main.sign(prepared)))).rejects.toMatchObject({ code: "operation_not_prepared" });
  expect(await paymentOf(id)).toMatchObject({ status: "failed", operation: "expired", error_code: "not_signed", reserved: "0" });
  expect(await dollarsOf(payer.userId)).toEqual(before);

  await base.chain.client.revert({ id: snapshot });
  await base.chain.client.mine({ blocks: 1 });
  await base.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "pending", operation: "prepared", reserved: "1000000", error_code: null });
  await submitSignature(actorOf(payer), main.sign(prepared));
  await base.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed", reserved: "0" });
});

test("a silence of the chain excuses no missing signature", async () => {
  const { id } = await preparePayment(base, payer, store);
  await sql`UPDATE chain_cursors SET stalled_at = now() + INTERVAL '1 second'`;
  await passTime(SPONSORSHIP_SECONDS + 5);
  await base.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "failed", error_code: "not_signed", reserved: "0" });
});

test("a signed operation that a bundle refuses is prepared again for its owner, and not for ever", async () => {
  // No silence of the chain excuses it.
  await sql`UPDATE chain_cursors SET stalled_at = NULL`;
  const { id } = await preparePayment(base, payer, store);
  const spoilt = async () => {
    // Recorded, and then no longer a signature of an owner: as after a change of owners that landed in between.
    await signAll(payer, id, main);
    await sql`UPDATE user_operations SET signed_operation = jsonb_set(signed_operation, '{signature}', to_jsonb(overlay(signed_operation->>'signature' placing '0000' from 600))) WHERE id = ${id}`;
    await base.bundle();
    return operationOf(id);
  };
  const first = await operationOf(id);
  expect(await spoilt()).toMatchObject({ status: "queued", attempts: 1 });
  const again = async () => {
    await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
    await base.sign();
    return operationOf(id);
  };
  expect(await again()).toMatchObject({ status: "prepared", attempts: 2 });
  expect((await operationOf(id)).user_op_hash).toBe(first.user_op_hash);
  for (let attempts = 2; attempts < ATTEMPTS_MAX; attempts += 1) {
    expect(await spoilt()).toMatchObject({ status: "queued", attempts });
    expect(await again()).toMatchObject({ status: "prepared", attempts: attempts + 1 });
  }
  // Enough: it stays as it is and ends by its time, with the money free.
  expect(await spoilt()).toMatchObject({ status: "submitted", attempts: ATTEMPTS_MAX });
  await passTime(SPONSORSHIP_SECONDS + 5);
  await base.follow();
  expect(await paymentOf(id)).toMatchObject({ status: "failed", error_code: "expired", reserved: "0" });
});

test("a frozen account signs nothing more", async () => {
  const { id, prepared } = await preparePayment(base, payer, store);
  await sql`UPDATE users SET frozen_at = now() WHERE id = ${payer.userId}`;
  await expect(submitSignature(actorOf(payer), main.sign(prepared))).rejects.toMatchObject({ code: "account_frozen" });
  await sql`UPDATE users SET frozen_at = NULL WHERE id = ${payer.userId}`;
  await submitSignature(actorOf(payer), main.sign(prepared));
  await base.settle();
  expect(await paymentOf(id)).toMatchObject({ status: "confirmed" });
});

test("several payments wait side by side, on both chains, and each lands once", async () => {
  const waiting = [await preparePayment(base, payer, store), await preparePayment(base, payer, secondStore), await preparePayment(other, payer, store)];
  await Promise.all(waiting.map(({ prepared }, index) => submitSignature(actorOf(payer), (index === 1 ? second : main).sign(prepared))));
  for (const world of worlds) await world.settle();
  expect((await Promise.all(waiting.map(({ id }) => paymentOf(id)))).map(({ status }) => status)).toEqual(["confirmed", "confirmed", "confirmed"]);
  expect(await payAsOwner(other, payer, secondStore, second)).toMatchObject({ status: "confirmed" });
});
