import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { makePerson, makeRate, paymentRowsOf } from "@/lib/test/factories";
import { confirmSend } from "@/lib/transfers/confirm-send";
import { cancelRequest } from "./cancel-request";
import { makeRequest } from "./make-request";
import { getRequest, listRequests } from "./queries";
import { quoteRequest } from "./quote-request";

const RACES = 20;
beforeAll(() => makeRate());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const payer = async () => (await makePerson({ dollarsUsdMicros: 100_000_000n, name: "Rafael Lima" })).actor;
const ask = (actor: Actor, amountText = "30,00", note = "trilha", key = randomUUID()) => makeRequest(actor, { key, currency: "BRL", amountText, note });
async function pay(actor: Actor, reference: string, key = randomUUID()) {
  const { signed } = await quoteRequest(actor, reference);
  return confirmSend(actor, { key, quote: signed, isPayeeConfirmed: true });
}
const end = (id: string, status: "confirmed" | "failed") => sql`UPDATE transactions SET status = ${status} WHERE id = ${id}`;

test("a request is open, on its way, paid, for both sides and for anybody else", async () => {
  const [{ actor: ana }, rafa, stranger] = [await makePerson({ name: "Ana Maria" }), await payer(), await payer()];
  const { reference } = await ask(ana);
  expect(await getRequest(reference, null)).toMatchObject({ state: "open", amountCents: 3_000n, note: "trilha", requester: { name: "Ana M." }, isOwn: false });
  expect(await getRequest(reference, ana)).toMatchObject({ isOwn: true, payerName: null });
  const { transactionId } = await pay(rafa, reference);
  const [row] = await sql`SELECT purpose, type, from_user_id, to_user_id, note FROM transactions WHERE id = ${transactionId}`;
  expect(row).toMatchObject({ purpose: "request", type: "received", from_user_id: rafa.userId, to_user_id: ana.userId, note: "trilha" });
  expect(await getRequest(reference, rafa)).toMatchObject({ state: "paying", isPaidByMe: true, transactionId });
  await end(transactionId, "confirmed");
  expect(await getRequest(reference, ana)).toMatchObject({ state: "paid", payerName: "Rafael L.", transactionId });
  // Who paid is between the two of them.
  for (const other of [stranger, null]) expect(await getRequest(reference, other)).toMatchObject({ state: "paid", payerName: null, transactionId: null, isPaidByMe: false });
  expect(await codeOf(quoteRequest(stranger, reference))).toBe("request_paid");
  expect((await listRequests(ana)).items).toMatchObject([{ reference, state: "paid" }]);
  expect((await listRequests(rafa)).items).toEqual([]);
});

test("nobody pays the own request, an expired or a cancelled one; a payment that failed leaves it open", async () => {
  const [ana, rafa] = [await payer(), await payer()];
  const { reference } = await ask(ana);
  expect(await codeOf(quoteRequest(ana, reference))).toBe("request_own");
  const { transactionId } = await pay(rafa, reference);
  await end(transactionId, "failed");
  expect(await getRequest(reference, rafa)).toMatchObject({ state: "open", transactionId: null });
  const { signed } = await quoteRequest(rafa, reference);
  await cancelRequest(ana, reference);
  await cancelRequest(ana, reference);
  expect(await codeOf(confirmSend(rafa, { key: randomUUID(), quote: signed, isPayeeConfirmed: true }))).toBe("request_over");
  expect(await codeOf(quoteRequest(rafa, reference))).toBe("request_over");
  const late = await ask(ana);
  await sql`UPDATE payment_requests SET expires_at = now() WHERE reference = ${late.reference}`;
  expect(await getRequest(late.reference, rafa)).toMatchObject({ state: "expired" });
  expect(await codeOf(cancelRequest(ana, late.reference))).toBe("request_over");
  expect(await codeOf(cancelRequest(rafa, late.reference))).toBe("not_found");
});

test("one key is one request; bad amounts and notes are refused; HTML is text", async () => {
  const [{ actor: ana }, { actor: eve }] = [await makePerson(), await makePerson()];
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(ana, "30,00", "trilha", key)));
  expect(new Set(answers.map(({ reference }) => reference)).size).toBe(1);
  expect(await codeOf(ask(ana, "31,00", "trilha", key))).toBe("idempotency_mismatch");
  expect(await codeOf(ask(eve, "30,00", "trilha", key))).toBe("invalid_input");
  for (const [amount, code] of [["-5,00", "amount_negative"], ["1.234", "amount_ambiguous"], ["", "amount_missing"], ["0", "amount_missing"], ["abc", "amount_invalid"], ["1,234", "amount_ambiguous"], ["99999999,00", "limit_payment"]] as const) {
    expect([amount, await codeOf(ask(ana, amount))]).toEqual([amount, code]);
  }
  expect(await codeOf(ask(ana, "1,00", "x".repeat(141)))).toBe("note_too_long");
  const { reference } = await ask(ana, "1,00", "<script>alert(1)</script>\n\u202eoi");
  expect((await getRequest(reference, eve)).note).toBe("<script>alert(1)</script> oi");
  for (const wrong of ["", "x", "../..", "x".repeat(22), "' OR 1=1"]) expect(await codeOf(getRequest(wrong, eve))).toBe("not_found");
});

test("the list goes by key", async () => {
  const { actor: ana } = await makePerson();
  for (let made = 0; made < 33; made += 1) await ask(ana, "1,00");
  const first = await listRequests(ana);
  const second = await listRequests(ana, first.next!);
  expect([first.items.length, second.items.length, second.next]).toEqual([30, 3, null]);
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(33);
  expect(await codeOf(listRequests(ana, "x"))).toBe("not_found");
});

test(`two people pay one request in the same moment, ${RACES} times: one pays, the other is told and keeps everything`, async () => {
  const [{ actor: ana }, one, two] = [await makePerson(), await payer(), await payer()];
  const wins = { one: 0, two: 0 };
  for (let race = 0; race < RACES; race += 1) {
    const { reference } = await ask(ana, "1,00");
    const quotes = await Promise.all([quoteRequest(one, reference), quoteRequest(two, reference)]);
    const tries = [one, two].map((actor, index) => confirmSend(actor, { key: randomUUID(), quote: quotes[index]!.signed, isPayeeConfirmed: true }));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "request_paid" } });
    wins[results[0]!.status === "fulfilled" ? "one" : "two"] += 1;
    const rows = await sql`SELECT t.id FROM transactions t JOIN payment_requests r ON r.transaction_id = t.id WHERE r.reference = ${reference}`;
    expect(rows).toHaveLength(1);
  }
  const [first, second] = [await paymentRowsOf(one.userId), await paymentRowsOf(two.userId)];
  expect([first.transactions, second.transactions]).toEqual([wins.one, wins.two]);
  expect([first.reservations, second.reservations]).toEqual([wins.one, wins.two]);
});

test(`paid and cancelled in the same moment, ${RACES} times: one of them`, async () => {
  const [{ actor: ana }, rafa] = [await makePerson(), await payer()];
  for (let race = 0; race < RACES; race += 1) {
    const { reference } = await ask(ana, "1,00");
    const { signed } = await quoteRequest(rafa, reference);
    const paying = confirmSend(rafa, { key: randomUUID(), quote: signed, isPayeeConfirmed: true });
    const results = await Promise.allSettled([paying, cancelRequest(ana, reference)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await getRequest(reference, ana)).state).toBe(results[0].status === "fulfilled" ? "paying" : "cancelled");
  }
});

test("the same tap twice pays once and answers twice", async () => {
  const [{ actor: ana }, rafa] = [await makePerson(), await payer()];
  const { reference } = await ask(ana);
  const { signed } = await quoteRequest(rafa, reference);
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 6 }, () => confirmSend(rafa, { key, quote: signed, isPayeeConfirmed: true })));
  expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(1);
});
