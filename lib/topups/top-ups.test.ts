import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { tokenBalances } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import { bodyOf, signBody } from "@/lib/dev/avenia/deliver";
import { newKey } from "@/lib/dev/avenia/state";
import { pay, type PayWay } from "@/lib/dev/avenia/payments";
import { requestIdentityCheck } from "@/lib/identity/request-identity-check";
import { startIdentityCheck } from "@/lib/identity/start-identity-check";
import { syncIdentity } from "@/lib/identity/sync-identity";
import { identityOf } from "@/lib/identity/queries";
import { newId } from "@/lib/ids";
import { lookAtPerson } from "@/lib/live/queries";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { makePerson } from "@/lib/test/factories";
import { runJobs } from "@/lib/test/run-jobs";
import { confirmTopUp } from "./confirm-top-up";
import { linkTopUp } from "./link-top-up";
import { openTicket } from "./open-ticket";
import { requestTopUp } from "./request-top-up";
import { syncTopUp } from "./sync-top-up";
import { takeWebhook } from "./take-webhook";
import { watchTopUps } from "./watch-top-ups";

let world: AveniaWorld;
let block = 0;
beforeAll(async () => {
  world = await startAveniaWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.sandbox.world.faults.length = 0;
});

const state = () => world.sandbox.world.state;
const rowOf = async (id: string) => {
  const [row] = await sql<{ status: string; ticket_id: string | null; br_code: string | null; tx_hash: string | null; minimum_usd: string; quoted_usd: string; is_requoted: boolean; failure: string | null; second_payment_at: Date | null; arrived_usd: string | null; transaction_id: string | null; wallet_address: string }[]>`SELECT * FROM top_ups WHERE id = ${id}`;
  if (!row) throw new Error("no such top-up");
  return row;
};
const ticketsOf = (topUpId: string) => state().tickets.filter(({ externalId }) => externalId === topUpId);
const ticketOf = (topUpId: string) => ticketsOf(topUpId)[0]!;

async function verified(name = "Marina") {
  const { actor } = await makePerson({ name });
  await requestIdentityCheck(actor);
  await runJobs();
  const check = (await identityOf(actor.userId))!;
  await fetch(check.attemptUrl!, { method: "POST", body: new URLSearchParams({ verdict: "approve" }), redirect: "manual" });
  await expect.poll(async () => {
    await syncIdentity(check.id);
    return (await identityOf(actor.userId))?.status;
  }).toBe(/Fail/.test(name) ? "rejected" : "approved");
  return actor;
}

async function quoted(actor: Actor, amountText = "100,00", key = newId()) {
  const { topUpId } = await requestTopUp(actor, { key, amountText });
  await runJobs();
  return topUpId;
}

async function waiting(actor: Actor) {
  const topUpId = await quoted(actor);
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: minimumIn(await rowOf(topUpId)) });
  await runJobs();
  expect((await rowOf(topUpId)).status).toBe("waiting");
  return topUpId;
}
const minimumIn = ({ minimum_usd }: { minimum_usd: string }) => String(BigInt(minimum_usd.replace(".", "")));

async function paidBy(actor: Actor, way: PayWay) {
  const topUpId = await waiting(actor);
  pay(world.sandbox.world, ticketOf(topUpId), way);
  await Promise.all(world.sandbox.world.pending);
  await syncTopUp(topUpId);
  return topUpId;
}

/** What the follower writes when it sees dollars arrive. */
async function seeOnChain(actor: Actor, txHash: string, micros: bigint) {
  const [balance] = await db.select().from(tokenBalances).where(and(eq(tokenBalances.userId, actor.userId), eq(tokenBalances.chainId, "84532")));
  block += 1;
  await sql`INSERT INTO balance_changes (chain_id, block_number, log_index, balance_id, holder, block_hash, tx_hash, delta) VALUES ('84532', ${block}, 0, ${balance!.id}, 'person', ${"0x" + "b".repeat(64)}, ${txHash}, ${micros.toString()})`;
}
async function recordIncoming(actor: Actor, txHash: string, micros: bigint) {
  const id = newId();
  await sql`INSERT INTO transactions (id, to_user_id, type, status, amount_usd, chain_id, tx_hash, purpose) VALUES (${id}, ${actor.userId}, 'received', 'confirmed', ${(Number(micros) / 1e6).toFixed(6)}, '84532', ${txHash}, 'incoming')`;
  return id;
}

test("who is not verified gets no price, and hears why", async () => {
  const { actor } = await makePerson();
  await expect(requestTopUp(actor, { key: newId(), amountText: "100,00" })).rejects.toMatchObject({ code: "identity_required" });
  expect(await sql`SELECT 1 FROM top_ups WHERE user_id = ${actor.userId}`).toHaveLength(0);
});

test("a rejected person may try again on a new link, and is never approved by an old one", async () => {
  const actor = await verified("Fail");
  const first = (await identityOf(actor.userId))!;
  await requestIdentityCheck(actor);
  await runJobs();
  const second = (await identityOf(actor.userId))!;
  expect(second).toMatchObject({ status: "open", subAccountId: first.subAccountId });
  expect(second.attemptId).not.toBe(first.attemptId);
  await startIdentityCheck(second.id);
  expect((await identityOf(actor.userId))?.attemptId).toBe(second.attemptId);
  expect(state().subAccounts.filter(({ name }) => name.startsWith("Fail"))).toHaveLength(1);
});

test("a lost answer leaves one account at the provider", async () => {
  const { actor } = await makePerson({ name: "Lost" });
  await world.post("/__sandbox/faults", { call: "POST /v2/account/sub-accounts", kind: "timeout-after-accept" });
  await requestIdentityCheck(actor);
  const check = (await identityOf(actor.userId))!;
  await expect(startIdentityCheck(check.id)).rejects.toMatchObject({ failure: "uncertain" });
  await startIdentityCheck(check.id);
  expect((await identityOf(actor.userId))?.status).toBe("open");
  expect(state().subAccounts.filter(({ name }) => name.startsWith("Lost"))).toHaveLength(1);
});

test("one key is one top-up; another amount under it is refused", async () => {
  const actor = await verified();
  const key = newId();
  const [one, two] = await Promise.all([quoted(actor, "100,00", key), quoted(actor, "100,00", key)]);
  expect(one).toBe(two);
  await expect(requestTopUp(actor, { key, amountText: "200,00" })).rejects.toMatchObject({ code: "idempotency_mismatch" });
  expect(await rowOf(one)).toMatchObject({ status: "quoted", quoted_usd: "17.859712", minimum_usd: "17.770413" });
});

test.each([
  ["9,99", "amount_too_small"],
  ["10.000,01", "amount_too_large"],
  ["0", "amount_missing"],
  ["-5", "amount_negative"],
])("%s is %s", async (amountText, code) => {
  const { actor } = await makePerson();
  await expect(requestTopUp(actor, { key: newId(), amountText })).rejects.toMatchObject({ code });
});

test("nobody says yes to another person's price, nor to one that was replaced", async () => {
  const [actor, stranger] = [await verified(), await verified("Bia")];
  const topUpId = await quoted(actor);
  await expect(confirmTopUp(stranger, { topUpId, minimumUsdMicros: "1" })).rejects.toMatchObject({ code: "not_found" });
  await expect(confirmTopUp(actor, { topUpId, minimumUsdMicros: "1" })).rejects.toMatchObject({ code: "quote_moved" });
  await runJobs();
  expect((await rowOf(topUpId)).status).toBe("quoted");
});

test("a price that fell below what was shown is shown anew, and no code is made", async () => {
  const actor = await verified();
  const topUpId = await quoted(actor);
  await sql`UPDATE top_ups SET minimum_usd = 17.9 WHERE id = ${topUpId}`;
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: "17900000" });
  await runJobs();
  expect(await rowOf(topUpId)).toMatchObject({ status: "quoted", is_requoted: true, minimum_usd: "17.770413" });
  expect(ticketsOf(topUpId)).toHaveLength(0);
});

test("a lost answer makes one ticket: it is looked for by our id, never ordered twice", async () => {
  const actor = await verified();
  const topUpId = await quoted(actor);
  await world.post("/__sandbox/faults", { call: "POST /v2/account/tickets", kind: "timeout-after-accept" });
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: minimumIn(await rowOf(topUpId)) });
  await openTicket(topUpId);
  expect(await rowOf(topUpId)).toMatchObject({ status: "opening", ticket_id: null });
  expect(ticketsOf(topUpId)).toHaveLength(1);
  await Promise.all([openTicket(topUpId), openTicket(topUpId)]);
  expect(await rowOf(topUpId)).toMatchObject({ status: "waiting", ticket_id: ticketOf(topUpId).id, br_code: ticketOf(topUpId).brCode });
  expect(ticketsOf(topUpId)).toHaveLength(1);
});

test("an order that never arrived is made again only when its price can no longer be taken", async () => {
  const actor = await verified();
  const topUpId = await quoted(actor);
  await world.post("/__sandbox/faults", { call: "POST /v2/account/tickets", kind: "500" });
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: minimumIn(await rowOf(topUpId)) });
  await openTicket(topUpId);
  await openTicket(topUpId);
  expect(ticketsOf(topUpId)).toHaveLength(0);
  await openTicket(topUpId, new Date(Date.now() + 31_000));
  expect((await rowOf(topUpId)).status).toBe("waiting");
  expect(ticketsOf(topUpId)).toHaveLength(1);
});

test.each(["401", "429"] as const)("HTTP %s while ordering loses nothing and orders once", async (kind) => {
  const actor = await verified();
  const topUpId = await quoted(actor);
  await world.post("/__sandbox/faults", { call: "POST /v2/account/tickets", kind });
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: minimumIn(await rowOf(topUpId)) });
  await openTicket(topUpId);
  expect((await rowOf(topUpId)).status).toBe("opening");
  await openTicket(topUpId);
  expect((await rowOf(topUpId)).status).toBe("waiting");
  expect(ticketsOf(topUpId)).toHaveLength(1);
});

test("many workers at once make one ticket", async () => {
  const actor = await verified();
  const topUpId = await quoted(actor);
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: minimumIn(await rowOf(topUpId)) });
  await Promise.all(Array.from({ length: 8 }, () => openTicket(topUpId)));
  expect((await rowOf(topUpId)).status).toBe("waiting");
  expect(ticketsOf(topUpId)).toHaveLength(1);
});

test.each([
  ["exact", "paid", null],
  ["less", "underpaid", "UNDERPAID-DEPOSIT-RETURNED"],
  ["late", "paid_late", "DEPOSIT-AFTER-EXPIRATION"],
  ["refused", "refused", "PAYER-NOT-ALLOWED"],
  ["held", "held", null],
  ["expire", "expired", null],
] as const)("paid %s, it is %s", async (way, status, failure) => {
  expect(await rowOf(await paidBy(await verified(), way))).toMatchObject({ status, failure });
});

test("a code that ran out and was paid all the same is followed to its end", async () => {
  const topUpId = await paidBy(await verified(), "expire");
  pay(world.sandbox.world, ticketOf(topUpId), "exact");
  await syncTopUp(topUpId);
  expect(await rowOf(topUpId)).toMatchObject({ status: "paid_late" });
});

test("the provider's word is not the dollars: they count when the journal shows them, and go when a reorg takes them", async () => {
  const actor = await verified();
  const topUpId = await paidBy(actor, "exact");
  const { tx_hash: txHash } = await rowOf(topUpId);
  await linkTopUp(topUpId);
  expect(await rowOf(topUpId)).toMatchObject({ status: "paid", arrived_usd: null });
  await seeOnChain(actor, txHash!, 17_859_712n);
  await linkTopUp(topUpId);
  expect(await rowOf(topUpId)).toMatchObject({ status: "done", arrived_usd: "17.859712", transaction_id: null });
  // The list of what came in is written later: the top-up finds its line.
  const transactionId = await recordIncoming(actor, txHash!, 17_859_712n);
  await linkTopUp(topUpId);
  expect((await rowOf(topUpId)).transaction_id).toBe(transactionId);
  expect(await sql`SELECT purpose FROM transactions WHERE id = ${transactionId}`).toEqual([{ purpose: "top_up" }]);
  await sql`DELETE FROM balance_changes WHERE tx_hash = ${txHash}`;
  await linkTopUp(topUpId);
  expect(await rowOf(topUpId)).toMatchObject({ status: "paid", arrived_usd: null });
});

test("the block before the word: dollars that were seen first are found at once", async () => {
  const actor = await verified();
  const topUpId = await waiting(actor);
  const ticket = ticketOf(topUpId);
  const txHash = `0x${BigInt(ticket.outputUnits).toString(16).padStart(64, "a")}`;
  await sql`DELETE FROM top_ups WHERE tx_hash = ${txHash} AND user_id = ${actor.userId}`;
  await seeOnChain(actor, txHash, 17_859_712n);
  const transactionId = await recordIncoming(actor, txHash, 17_859_712n);
  pay(world.sandbox.world, ticket, "exact");
  await Promise.all(world.sandbox.world.pending);
  await syncTopUp(topUpId);
  await linkTopUp(topUpId);
  expect(await rowOf(topUpId)).toMatchObject({ status: "done", transaction_id: transactionId });
});

test("dollars on somebody else's account, and a transaction that was counted already, make nothing done", async () => {
  const [actor, other] = [await verified(), await verified("Bia")];
  const first = await paidBy(actor, "exact");
  const { tx_hash: txHash } = await rowOf(first);
  await seeOnChain(other, txHash!, 17_859_712n);
  await linkTopUp(first);
  expect((await rowOf(first)).status).toBe("paid");
  await seeOnChain(actor, txHash!, 17_859_712n);
  await linkTopUp(first);
  expect((await rowOf(first)).status).toBe("done");
  const second = await paidBy(actor, "exact");
  expect((await rowOf(second)).tx_hash).toBe(txHash);
  await linkTopUp(second);
  expect((await rowOf(second)).status).toBe("paid");
});

test("a second Pix is named, and changes nothing about the first", async () => {
  const actor = await verified();
  const topUpId = await paidBy(actor, "twice");
  const row = await rowOf(topUpId);
  expect(row.status).toBe("paid");
  expect(row.second_payment_at).not.toBeNull();
});

/** A genuine delivery, as the provider makes it. */
const delivery = (topUpId: string, type: string, id = newId(), isWrapped = false) => {
  const ticket = ticketOf(topUpId);
  const body = bodyOf({ id, subscription: "TICKET", type, subAccountId: ticket.subAccountId, createdAt: new Date().toISOString(), data: { ticket: { id: ticket.id, status: "PAID" } } }, isWrapped);
  return { body: Buffer.from(body), signature: signBody(state().privateKeyPem, body) };
};

test("a webhook told many times is one row and one change", async () => {
  const topUpId = await waiting(await verified());
  pay(world.sandbox.world, ticketOf(topUpId), "exact");
  await Promise.all(world.sandbox.world.pending);
  const { body, signature } = delivery(topUpId, "DEPOSIT-SUCCESS", "event-1");
  expect(await Promise.all(Array.from({ length: 6 }, () => takeWebhook(body, signature)))).toEqual(Array.from({ length: 6 }, () => "taken"));
  await runJobs();
  expect(await sql`SELECT outcome FROM webhook_inbox WHERE event_id = 'event-1'`).toEqual([{ outcome: "applied" }]);
  expect((await rowOf(topUpId)).status).toBe("paid");
  expect(await sql`SELECT 1 FROM audit_logs WHERE resource_id = ${topUpId} AND action = 'top_up.status_changed' AND new_values->>'status' = 'paid'`).toHaveLength(1);
});

test("webhooks in any order, in both envelopes, come to the same end", async () => {
  const topUpId = await waiting(await verified());
  for (const type of ["TICKET-COMPLETE", "DEPOSIT-SUCCESS"]) {
    const { body, signature } = delivery(topUpId, type, newId(), type === "DEPOSIT-SUCCESS");
    expect(await takeWebhook(body, signature)).toBe("taken");
    await runJobs();
    // It says that it is paid; the provider, asked, says that it is not.
    expect((await rowOf(topUpId)).status).toBe("waiting");
  }
  pay(world.sandbox.world, ticketOf(topUpId), "exact");
  await Promise.all(world.sandbox.world.pending);
  const late = delivery(topUpId, "TICKET-CREATED");
  await takeWebhook(late.body, late.signature);
  await runJobs();
  expect((await rowOf(topUpId)).status).toBe("paid");
});

test("a forged webhook is refused and leaves no row; one of an unknown ticket is noted and moves nothing", async () => {
  const topUpId = await waiting(await verified());
  const { body, signature } = delivery(topUpId, "DEPOSIT-SUCCESS", "forged-1");
  expect(await takeWebhook(Buffer.from(body.toString().replace("PAID", "paid")), signature)).toBe("forged");
  expect(await takeWebhook(body, signBody(newKey(), body.toString()))).toBe("forged");
  expect(await takeWebhook(body, null)).toBe("forged");
  expect(await sql`SELECT 1 FROM webhook_inbox WHERE event_id = 'forged-1'`).toHaveLength(0);

  const text = JSON.stringify({ id: "unknown-1", subscription: "TICKET", subAccountId: "x", data: { ticket: { id: "nobody's" } } });
  expect(await takeWebhook(Buffer.from(text), signBody(state().privateKeyPem, text))).toBe("taken");
  expect(await takeWebhook(Buffer.from("[]"), signBody(state().privateKeyPem, "[]"))).toBe("unreadable");
  await runJobs();
  expect(await sql`SELECT outcome FROM webhook_inbox WHERE event_id = 'unknown-1'`).toEqual([{ outcome: "unknown" }]);
  expect((await rowOf(topUpId)).status).toBe("waiting");
});

test("without any webhook the minute's round finds the payment", async () => {
  const actor = await verified();
  const topUpId = await waiting(actor);
  pay(world.sandbox.world, ticketOf(topUpId), "exact");
  await Promise.all(world.sandbox.world.pending);
  await world.post("/__sandbox/faults", { call: `GET /v2/account/tickets/${ticketOf(topUpId).id}`, kind: "500" });
  await watchTopUps();
  expect((await rowOf(topUpId)).status).toBe("waiting");
  await watchTopUps();
  expect((await rowOf(topUpId)).status).toBe("paid");
});

test("the web process may ask, confirm and keep what was told, and can make nothing paid", async () => {
  const { actor } = await makePerson();
  const asWeb = (statement: string) =>
    sql.begin(async (tx) => {
      await tx.unsafe("SET LOCAL ROLE cocopay_web");
      await tx.unsafe(statement);
    });
  const insert = `INSERT INTO top_ups (id, user_id, provider, idempotency_key, request_fingerprint, amount_brl_centavos, chain_id) VALUES ('${newId()}', '${actor.userId}', 'sandbox', '${newId()}', 'f', 1000, '84532')`;
  await asWeb(insert);
  for (const statement of [
    "UPDATE top_ups SET status = 'paid'",
    "UPDATE top_ups SET tx_hash = '0x'",
    "UPDATE identity_checks SET status = 'approved'",
    "DELETE FROM webhook_inbox",
    "UPDATE webhook_inbox SET processed_at = now()",
    insert.replace("chain_id)", "chain_id, status)").replace("'84532')", "'84532', 'done')"),
  ]) await expect(asWeb(statement)).rejects.toThrow(/permission denied/);
});

test("the person's open pages hear of each step", async () => {
  const actor = await verified();
  const look = async () => (await lookAtPerson(actor)).fingerprint;
  const topUpId = await quoted(actor);
  const seen = [await look()];
  await confirmTopUp(actor, { topUpId, minimumUsdMicros: minimumIn(await rowOf(topUpId)) });
  await runJobs();
  seen.push(await look());
  pay(world.sandbox.world, ticketOf(topUpId), "less");
  await syncTopUp(topUpId);
  seen.push(await look());
  await syncTopUp(topUpId);
  expect(await look()).toBe(seen[2]);
  expect(new Set(seen).size).toBe(3);
});
