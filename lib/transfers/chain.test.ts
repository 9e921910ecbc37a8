import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { signPrepared, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import type { Actor } from "@/lib/auth/actor";
import { transferUsdcCall } from "@/lib/chain/usdc";
import { chainTime } from "@/lib/chain/revnet-state";
import { fundOperator, sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { rebuildBalances } from "@/lib/follower/rebuild-balances";
import { preparedOperations } from "@/lib/operations/queries";
import { dollarsOf, makePayer, must, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { makeRate } from "@/lib/test/factories";
import { makeOwner, signAll } from "@/lib/test/own-keys";
import { cancelSend } from "./cancel-send";
import { claimSend } from "./claim-send";
import { confirmSend } from "./confirm-send";
import { getSend, sendToSign, type SendToSign } from "./queries";
import { quoteSend } from "./quote-send";
import { releaseSend } from "./release-send";
import { returnSends } from "./return-sends";
import type { SendTo } from "./rules";

let worlds: ChainWorld[];
let world: ChainWorld;
beforeAll(async () => {
  await makeRate();
  world = await startChainWorld("84532");
  worlds = [world, await startChainWorld("11155420", world.chain)];
});
afterAll(() => Promise.all(worlds.map((one) => one.stop())));

const actorOf = async (payer: Payer): Promise<Actor> => {
  const [row] = await sql<{ phone: string }[]>`SELECT phone FROM users WHERE id = ${payer.userId}`;
  return { ...payer, name: "Marina", phone: must(row).phone, locale: "pt-BR" };
};
async function send(actor: Actor, to: SendTo, cents: bigint) {
  const { signed, quote } = await quoteSend(actor, { to, requestId: null, currency: "USD", cents, note: null });
  return { id: (await confirmSend(actor, { key: randomUUID(), quote: signed, isPayeeConfirmed: true })).transactionId, amountUsdMicros: quote.amountUsdMicros };
}
const rowOf = async (id: string) =>
  must((await sql<{ status: string; operation: string; code: string | null; released: boolean }[]>`
    SELECT t.status, o.status AS operation, t.error_code AS code, bool_and(r.released_at IS NOT NULL) AS released
    FROM transactions t JOIN user_operations o ON o.id = t.id JOIN balance_reservations r ON r.operation_id = t.id WHERE t.id = ${id} GROUP BY 1, 2, 3`)[0]);
const incomingOf = (userId: string) => sql<{ status: string; purpose: string; usd: string; from: string | null; payer: string; tx_hash: string | null; id: string }[]>`
  SELECT t.id, t.status, t.purpose, t.amount_usd::text AS usd, t.from_user_id AS from, t.payer_address AS payer, t.tx_hash FROM transactions t WHERE t.to_user_id = ${userId} AND t.purpose = 'incoming' ORDER BY t.id`;

test("a send settles both balances to the unit, once, and is no income from outside", async () => {
  const [payer, ana] = [await makePayer(worlds, 10_000_000n), await makePayer(worlds, 0n)];
  const { id, amountUsdMicros } = await send(await actorOf(payer), { kind: "person", userId: ana.userId }, 345n);
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 10_000_000n, available: 10_000_000n - amountUsdMicros });
  await world.settle();
  expect(await rowOf(id)).toEqual({ status: "confirmed", operation: "succeeded", code: null, released: true });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 10_000_000n - amountUsdMicros, available: 10_000_000n - amountUsdMicros });
  expect(await dollarsOf(ana.userId)).toEqual({ settled: amountUsdMicros, available: amountUsdMicros });
  expect(await incomingOf(ana.userId)).toHaveLength(0);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("a send to a phone holds its money for a day, then goes on when it is taken", async () => {
  const [payer, ana] = [await makePayer(worlds, 10_000_000n), await makePayer(worlds, 0n)];
  const [sender, claimer] = [await actorOf(payer), await actorOf(ana)];
  const { id } = await send(sender, { kind: "phone", phone: claimer.phone }, 400n);
  await warpTo(world.chain.client, (await chainTime(world.chainId)) + 86_400);
  await sql`UPDATE user_operations SET created_at = created_at - interval '1 day', queued_at = queued_at - interval '1 day' WHERE id = ${id}`;
  await sql`UPDATE transactions SET created_at = created_at - interval '1 day' WHERE id = ${id}`;
  await world.settle();
  expect(await rowOf(id)).toEqual({ status: "pending", operation: "held", code: null, released: false });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 10_000_000n, available: 6_000_000n });
  await claimSend(claimer, id);
  await world.settle();
  expect(await rowOf(id)).toEqual({ status: "confirmed", operation: "succeeded", code: null, released: true });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 6_000_000n, available: 6_000_000n });
  expect(await dollarsOf(ana.userId)).toEqual({ settled: 4_000_000n, available: 4_000_000n });
});

test("taken back, or returned after 14 days, the money is free by the follower's word", async () => {
  const payer = await makePayer(worlds, 10_000_000n);
  const sender = await actorOf(payer);
  const [first, second] = [await send(sender, { kind: "phone", phone: "+5548911112222" }, 400n), await send(sender, { kind: "phone", phone: "+5548911113333" }, 500n)];
  await cancelSend(sender, first.id);
  await world.follow();
  expect(await rowOf(first.id)).toEqual({ status: "failed", operation: "expired", code: "cancelled", released: true });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 10_000_000n, available: 5_000_000n });
  await sql`UPDATE phone_sends SET expires_at = now() - interval '1 second' WHERE id = ${second.id}`;
  await returnSends();
  await world.follow();
  expect(await rowOf(second.id)).toEqual({ status: "failed", operation: "expired", code: "returned", released: true });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 10_000_000n, available: 10_000_000n });
  expect(await world.sign()).toEqual({ taken: 0, submitted: 0 });
});

test("a sender who alone signs confirms by touch; not signed in time it is held again, and confirmed at last", async () => {
  const { payer, main } = await makeOwner(worlds, 10_000_000n);
  const ana = await makePayer(worlds, 0n);
  const [sender, claimer] = [await actorOf(payer), await actorOf(ana)];
  const { id } = await send(sender, { kind: "phone", phone: claimer.phone }, 200n);
  expect(await sendToSign(sender, id)).toBeNull();
  await claimSend(claimer, id);
  await world.sign();
  expect(await rowOf(id)).toMatchObject({ operation: "held" });
  await releaseSend(sender, id);
  await world.sign();
  expect(await rowOf(id)).toMatchObject({ operation: "prepared" });
  expect(await sendToSign(sender, id)).toMatchObject({ payee: ana.address, account: payer.address, amountUsdMicros: 2_000_000n });
  await warpTo(world.chain.client, (await chainTime(world.chainId)) + 200);
  await world.follow();
  expect(await rowOf(id)).toEqual({ status: "pending", operation: "held", code: null, released: false });
  expect((await getSend(claimer, id)).state).toBe("unconfirmed");
  expect((await dollarsOf(payer.userId)).available).toBe(8_000_000n);

  await releaseSend(sender, id);
  await world.sign();
  // The browser signs the call of its screen, and no other.
  const shown = must(await sendToSign(sender, id));
  const prepared = { operationId: id, chainId: world.chainId, op: must(must((await preparedOperations(payer, { subjectId: id }))[0]).op) };
  const signer: OwnerSigner = { address: main.address, sign: async () => "0x01" };
  const calls = (changed: Partial<SendToSign> = {}) => {
    const { chainId, payee, amountUsdMicros } = { ...shown, ...changed };
    return { account: payer.address, calls: [transferUsdcCall(chainId, payee, amountUsdMicros)] };
  };
  expect(await signPrepared(prepared, calls(), signer)).toMatchObject({ signature: "0x01" });
  for (const changed of [{ payee: payer.address }, { amountUsdMicros: 2_000_001n }, { chainId: "11155420" as const }]) await expect(signPrepared(prepared, calls(changed), signer)).rejects.toThrow("not what the screen shows");
  await signAll(payer, id, main);
  await world.settle();
  expect(await rowOf(id)).toEqual({ status: "confirmed", operation: "succeeded", code: null, released: true });
  expect(await dollarsOf(ana.userId)).toEqual({ settled: 2_000_000n, available: 2_000_000n });

  // Held again and then taken back: what was prepared is proven dead first.
  const other = await send(sender, { kind: "phone", phone: claimer.phone }, 100n);
  await claimSend(claimer, other.id);
  await releaseSend(sender, other.id);
  await world.sign();
  await warpTo(world.chain.client, (await chainTime(world.chainId)) + 200);
  await world.follow();
  await cancelSend(sender, other.id);
  await world.follow();
  expect(await rowOf(other.id)).toEqual({ status: "failed", operation: "expired", code: "cancelled", released: true });
});

test("to an address outside: the dollars arrive there", async () => {
  const payer = await makePayer(worlds, 10_000_000n);
  const { id } = await send(await actorOf(payer), { kind: "address", address: `0x${"ab".repeat(20)}` }, 300n);
  await world.settle();
  expect(await rowOf(id)).toMatchObject({ status: "confirmed" });
  expect(await dollarsOf(payer.userId)).toEqual({ settled: 7_000_000n, available: 7_000_000n });
});

test("a row that a broken-in page made for a stranger's account is not signed", async () => {
  const [payer, ana, eve] = [await makePayer(worlds, 10_000_000n), await makePayer(worlds, 0n), await makePayer(worlds, 0n)];
  const { id } = await send(await actorOf(payer), { kind: "person", userId: ana.userId }, 300n);
  await sql`UPDATE transactions SET payee_address = ${eve.address} WHERE id = ${id}`;
  await world.sign();
  expect((await sql<{ status: string }[]>`SELECT status FROM user_operations WHERE id = ${id}`)[0]?.status).toBe("queued");
  await sql`UPDATE transactions SET payee_address = NULL WHERE id = ${id}`;
  // A new device's session under it, and nobody whom this account knows.
  await sql`UPDATE sessions SET limited_until = now() + interval '1 day' WHERE id = ${payer.sessionId}`;
  await sql`UPDATE user_operations SET next_attempt_at = now() WHERE id = ${id}`;
  await world.sign();
  await world.follow();
  expect(await rowOf(id)).toEqual({ status: "failed", operation: "expired", code: "payee_not_known", released: true });
});

test("dollars from outside are shown as received: once, with their sender, in both directions of a reorg", async () => {
  const [ana, bia] = [await makePayer(worlds, 0n), await makePayer(worlds, 5_000_000n)];
  // Bia moves her own dollars past us, as the holder of the account's key could.
  const client = world.chain.client;
  await fundOperator(client, bia.address);
  const before = (await incomingOf(bia.userId)).length;
  const snapshot = await client.snapshot();
  await sendAs(client, bia.address, transferUsdcCall(world.chainId, ana.address, 1_500_000n));
  await sendAs(client, bia.address, transferUsdcCall(world.chainId, ana.address, 9_999n));
  await world.follow();
  await world.follow();
  const [came, ...rest] = await incomingOf(ana.userId);
  expect(rest).toEqual([]);
  expect(came).toMatchObject({ status: "confirmed", usd: "1.500000", from: bia.userId, payer: bia.address });
  expect(await dollarsOf(ana.userId)).toEqual({ settled: 1_509_999n, available: 1_509_999n });
  expect(await incomingOf(bia.userId)).toHaveLength(before);

  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await incomingOf(ana.userId)).toMatchObject([{ id: must(came).id, status: "pending", tx_hash: null }]);
  await sendAs(client, bia.address, transferUsdcCall(world.chainId, ana.address, 1_500_000n));
  await world.follow();
  const again = await incomingOf(ana.userId);
  expect(again.filter(({ status }) => status === "confirmed")).toHaveLength(1);
  expect((await dollarsOf(ana.userId)).settled).toBe(1_500_000n);
  expect((await rebuildBalances(world.chainId)).differences).toEqual([]);
});

test("a reorg takes a send back to its way, and it lands again once", async () => {
  const [payer, ana] = [await makePayer(worlds, 10_000_000n), await makePayer(worlds, 0n)];
  const client = world.chain.client;
  const snapshot = await client.snapshot();
  const { id } = await send(await actorOf(payer), { kind: "person", userId: ana.userId }, 300n);
  await world.settle();
  expect(await rowOf(id)).toMatchObject({ status: "confirmed" });
  await client.revert({ id: snapshot });
  await client.mine({ blocks: 1 });
  await world.follow();
  expect(await rowOf(id)).toMatchObject({ status: "pending", operation: "submitted", released: false });
  expect(await dollarsOf(ana.userId)).toEqual({ settled: 0n, available: 0n });
  await world.settle();
  expect(await rowOf(id)).toMatchObject({ status: "confirmed", operation: "succeeded" });
  expect(await dollarsOf(ana.userId)).toEqual({ settled: 3_000_000n, available: 3_000_000n });
});
