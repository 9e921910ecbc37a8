import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { centsFromTyped } from "@/lib/money";
import { makePerson, makeRate, makeSession } from "@/lib/test/factories";
import { cancelSend } from "./cancel-send";
import { claimSend } from "./claim-send";
import { confirmSend } from "./confirm-send";
import { findPayee, personOfCode } from "./payee";
import { getSend, knownPeople, readClaimLink, sendsToAnswer } from "./queries";
import { openChoice, signChoice } from "./quote";
import { quoteSend, refreshSend } from "./quote-send";
import { receiveCodeFor } from "./receive-code";
import { releaseSend } from "./release-send";
import { returnSends } from "./return-sends";
import type { SendTo } from "./rules";

const RACES = 20;
const DOLLARS = 100_000_000n;
beforeAll(() => makeRate());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const quoted = (actor: Actor, to: SendTo, amount = "10,00", { note = null as string | null } = {}) => quoteSend(actor, { to, requestId: null, currency: "BRL", cents: centsFromTyped(amount), note });
/** From the amount to the tap, as the pages do it. */
async function send(actor: Actor, to: SendTo, amount = "10,00", note: string | null = null) {
  const { signed } = await quoted(actor, to, amount, { note });
  return (await confirmSend(actor, { key: randomUUID(), quote: signed, isPayeeConfirmed: true })).transactionId;
}
const person = (actor: Actor): SendTo => ({ kind: "person", userId: actor.userId });
const phone = (actor: Pick<Actor, "phone">): SendTo => ({ kind: "phone", phone: actor.phone });
const rowOf = async (id: string) =>
  (await sql<{ status: string; operation: string; code: string | null; to: string | null; payee: string | null; reserved: string; from: string; purpose: string; note: string | null }[]>`
    SELECT t.status, o.status AS operation, o.error_code AS code, t.to_user_id AS to, t.payee_address AS payee, t.from_user_id AS from, t.purpose, t.note,
           COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.operation_id = t.id AND r.released_at IS NULL), 0)::text AS reserved
    FROM transactions t JOIN user_operations o ON o.id = t.id WHERE t.id = ${id}`)[0]!;
const messagesTo = async (to: string) => (await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${to} ORDER BY id`).map(({ body }) => body);
const secretTo = async (to: string) => /\/claim\/([\w-]{22})$/.exec((await messagesTo(to)).at(-1)!)![1]!;
const auditsOf = async (id: string) => (await sql<{ action: string }[]>`SELECT action FROM audit_logs WHERE resource_id = ${id} ORDER BY created_at, id`).map(({ action }) => action);
const confirmOnChain = (id: string) => sql`UPDATE transactions SET status = 'confirmed', confirmed_at = now() WHERE id = ${id}`;
const takeOver = (actor: Actor) => sql`UPDATE smart_accounts SET custody_status = 'self_custody' WHERE user_id = ${actor.userId}`;

describe("a send to a person", () => {
  test("reserves, and has both sides", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ name: "Ana Maria" })];
    const { quote, signed, payee } = await quoted(actor, person(ana), "10,00", { note: "trilha" });
    expect(payee).toEqual({ kind: "person", name: "Ana M.", shown: null, isKnown: false });
    const { transactionId } = await confirmSend(actor, { key: randomUUID(), quote: signed, isPayeeConfirmed: true });
    expect(await rowOf(transactionId)).toMatchObject({ status: "pending", operation: "queued", from: actor.userId, to: ana.userId, payee: null, purpose: "send", note: "trilha", reserved: quote.amountUsdMicros.toString() });
    expect(await getSend(actor, transactionId)).toMatchObject({ direction: "out", state: "sending", other: { name: "Ana M." }, amountBrlCentavos: 1_000n });
    expect(await getSend(ana, transactionId)).toMatchObject({ direction: "in", state: "sending", other: { name: "Marina" }, note: "trilha" });
    const { actor: stranger } = await makePerson();
    expect(await codeOf(getSend(stranger, transactionId))).toBe("not_found");
    expect(await auditsOf(transactionId)).toEqual(["money.moved_by_owner"]);
  });

  test("one key is one send; other contents under it are refused; a price that ended writes nothing", async () => {
    const [{ actor }, { actor: ana }, { actor: bia }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson(), await makePerson()];
    const key = randomUUID();
    const { signed, quote } = await quoted(actor, person(ana));
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirmSend(actor, { key, quote: signed, isPayeeConfirmed: true })));
    expect(new Set(answers.map(({ transactionId }) => transactionId)).size).toBe(1);
    for (const other of [await quoted(actor, person(bia)), await quoted(actor, person(ana), "10,01"), await quoted(actor, person(ana), "10,00", { note: "x" })]) {
      expect(await codeOf(confirmSend(actor, { key, quote: other.signed, isPayeeConfirmed: true }))).toBe("idempotency_mismatch");
    }
    const late = new Date(quote.expiresAt.getTime() + 1);
    expect(await confirmSend(actor, { key, quote: signed, isPayeeConfirmed: false }, late)).toEqual(answers[0]);
    expect(await codeOf(confirmSend(actor, { key: randomUUID(), quote: signed, isPayeeConfirmed: true }, late))).toBe("quote_expired");
    expect((await refreshSend(actor, signed)).quote).toMatchObject({ amountBrlCentavos: 1_000n, to: person(ana) });
  });

  test("nobody sends with another's quote, a changed one, or a choice for a quote", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ dollarsUsdMicros: DOLLARS })];
    const { signed } = await quoted(actor, person(ana));
    const [body = "", mac = ""] = signed.split(".");
    const forged = Buffer.from(Buffer.from(body, "base64url").toString().replace(/"amountUsdMicros":"\d+"/, '"amountUsdMicros":"1"')).toString("base64url");
    const confirm = (by: Actor, quote: string) => codeOf(confirmSend(by, { key: randomUUID(), quote, isPayeeConfirmed: true }));
    expect(await confirm(ana, signed)).toBe("quote_invalid");
    for (const quote of [`${forged}.${mac}`, `${body}.`, body, "", `${signed}.x`, "x".repeat(4_000), signChoice(actor.userId, person(ana))]) expect(await confirm(actor, quote)).toBe("quote_invalid");
    expect(openChoice(signChoice(actor.userId, person(ana)), actor.userId)).toEqual(person(ana));
    expect(() => openChoice(signed, actor.userId)).toThrow("quote_invalid");
    expect(() => openChoice(signChoice(actor.userId, person(ana)), ana.userId)).toThrow("quote_invalid");
  });

  test("amounts that are none, too small, or more than there is", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: 1_000_000n }), await makePerson()];
    expect(await codeOf(quoteSend(actor, { to: person(ana), requestId: null, currency: "USD", cents: 0n, note: null }))).toBe("amount_too_small");
    expect(await codeOf(quoteSend(actor, { to: person(ana), requestId: null, currency: "USD", cents: -100n, note: null }))).toBe("amount_too_small");
    expect(await codeOf(quoteSend(actor, { to: person(ana), requestId: null, currency: "USD", cents: 101n, note: null }))).toBe("balance_insufficient");
    expect(() => centsFromTyped("-5,00")).toThrow("amount_negative");
    expect(() => centsFromTyped("1.234")).toThrow("amount_ambiguous");
  });

  test("what lies on two chains together is said, and not taken", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: 3_000_000n }), await makePerson()];
    await sql`UPDATE token_balances SET balance = 4000000 WHERE user_id = ${actor.userId} AND chain_id = '11155420'`;
    const ask = (cents: bigint) => quoteSend(actor, { to: person(ana), requestId: null, currency: "USD", cents, note: null });
    expect((await ask(300n)).quote.chainId).toBe("84532");
    expect((await ask(400n)).quote.chainId).toBe("11155420");
    await expect(ask(700n)).rejects.toMatchObject({ code: "balance_insufficient", details: { availableUsdMicros: "4000000", reachesTogether: 1 } });
    await expect(ask(701n)).rejects.toMatchObject({ details: { reachesTogether: 0 } });
  });

  test("oneself, nobody and deleted people are no payees", async () => {
    const [{ actor, address }, { actor: gone }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    await sql`UPDATE users SET deleted_at = now() WHERE id = ${gone.userId}`;
    expect(await codeOf(quoted(actor, person(actor)))).toBe("payee_self");
    expect(await codeOf(quoted(actor, phone(actor)))).toBe("payee_self");
    expect(await codeOf(quoted(actor, { kind: "address", address }))).toBe("payee_self");
    expect(await codeOf(quoted(actor, person(gone)))).toBe("payee_unknown");
    expect(await codeOf(quoted(actor, { kind: "person", userId: randomUUID() }))).toBe("payee_unknown");
  });

  test("the first send to somebody is confirmed by name; later ones are not asked again", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ name: "Ana Maria" })];
    const first = await quoted(actor, person(ana));
    expect(await codeOf(confirmSend(actor, { key: randomUUID(), quote: first.signed, isPayeeConfirmed: false }))).toBe("payee_unconfirmed");
    await confirmOnChain(await send(actor, person(ana)));
    const second = await quoted(actor, person(ana));
    expect(second.payee.isKnown).toBe(true);
    expect(await codeOf(confirmSend(actor, { key: randomUUID(), quote: second.signed, isPayeeConfirmed: false }))).toBeNull();
    await receiveCodeFor(ana);
    expect(await knownPeople(actor)).toMatchObject([{ name: "Ana M." }]);
  });

  test("a new device sends to known people only, and within its limit", async () => {
    const [{ actor }, { actor: ana }, { actor: bia }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson(), await makePerson()];
    await confirmOnChain(await send(actor, person(ana)));
    const thief = await makeSession(actor, { limitedHours: 24 });
    expect(await codeOf(quoted(thief, person(bia)))).toBe("payee_not_known");
    expect(await codeOf(quoted(thief, phone(ana)))).toBe("payee_not_known");
    expect(await codeOf(quoted(thief, { kind: "address", address: `0x${"ab".repeat(20)}` }))).toBe("payee_not_known");
    // A quote from an older device helps nobody either.
    const { signed } = await quoted(actor, person(bia));
    expect(await codeOf(confirmSend(thief, { key: randomUUID(), quote: signed, isPayeeConfirmed: true }))).toBe("payee_not_known");
    expect(await codeOf(send(thief, person(ana), "10,00"))).toBeNull();
    expect(await codeOf(quoteSend(thief, { to: person(ana), requestId: null, currency: "USD", cents: 5_001n, note: null }))).toBe("limit_new_device");
  });

  test("a frozen account sends nothing, a hidden name stays hidden, HTML in a name is text", async () => {
    const [{ actor }, { actor: ana }, { actor: eve }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ name: "Ana Maria" }), await makePerson({ name: "<img src=x onerror=alert(1)>" })];
    await sql`UPDATE users SET hide_name = TRUE WHERE id = ${ana.userId}`;
    expect((await findPayee(actor, person(ana))).name).toBeNull();
    expect((await findPayee(actor, person(eve))).name).toBe("<img O.");
    const { signed } = await quoted(actor, person(ana));
    await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
    expect(await codeOf(quoted(actor, person(ana)))).toBe("account_frozen");
    expect(await codeOf(confirmSend(actor, { key: randomUUID(), quote: signed, isPayeeConfirmed: true }))).toBe("account_frozen");
  });

  test("a code of a link is made once and leads to its person", async () => {
    const { actor } = await makePerson({ name: "Ana Maria" });
    const codes = await Promise.all(Array.from({ length: 6 }, () => receiveCodeFor(actor)));
    expect(new Set(codes).size).toBe(1);
    expect(await personOfCode(` ${codes[0]!.toLowerCase()} `)).toEqual({ userId: actor.userId, code: codes[0], name: "Ana M." });
    for (const wrong of ["", "ABC", "A".repeat(12), "' OR 1=1 --", "0".repeat(12)]) expect(await codeOf(personOfCode(wrong))).toBe("payee_unknown");
  });
});

describe("a send to an address", () => {
  test("one of our people behind it gets a row of both sides, and the sender no name", async () => {
    const [{ actor }, { actor: ana, address }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ name: "Ana Maria" })];
    const id = await send(actor, { kind: "address", address });
    expect(await rowOf(id)).toMatchObject({ to: ana.userId, payee: address, operation: "queued" });
    expect((await getSend(actor, id)).other).toMatchObject({ kind: "address", name: null });
    expect((await getSend(ana, id)).direction).toBe("in");
  });

  test("a large one stands on a second factor, as payments do", async () => {
    const { actor } = await makePerson({ dollarsUsdMicros: 1_000_000_000n });
    await sql`UPDATE users SET created_at = now() - interval '30 days' WHERE id = ${actor.userId}`;
    const { signed } = await quoteSend(actor, { to: { kind: "address", address: `0x${"ab".repeat(20)}` }, requestId: null, currency: "USD", cents: 60_000n, note: null });
    expect(await codeOf(confirmSend(actor, { key: randomUUID(), quote: signed, isPayeeConfirmed: true }))).toBe("step_up_required");
  });
});

describe("a send to a phone", () => {
  test("is held, tells the phone, and is the same for a number that nobody has", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    const unknown = { phone: "+5548912345678" };
    const [known, stranger] = [await send(actor, phone(ana)), await send(actor, phone(unknown))];
    for (const id of [known, stranger]) expect(await rowOf(id)).toMatchObject({ status: "pending", operation: "held", to: null, payee: null });
    const views = await Promise.all([known, stranger].map((id) => getSend(actor, id)));
    expect(views.map(({ state, other, canCancel }) => ({ state, name: other.name, canCancel }))).toEqual(Array.from({ length: 2 }, () => ({ state: "waiting", name: null, canCancel: true })));
    expect(await quoted(actor, phone(ana)).then(({ payee }) => payee.name)).toBe(await quoted(actor, phone(unknown)).then(({ payee }) => payee.name));
    const [one, two] = [(await messagesTo(ana.phone)).at(-1)!, (await messagesTo(unknown.phone)).at(-1)!];
    expect(one.replace(/[\w-]{22}$/, "")).toBe(two.replace(/[\w-]{22}$/, ""));
    expect(one).toMatch(/^CocoPay: Marina enviou R\$ 10,00 para voce\. Receba em ate 14 dias: http/);
    for (const body of [one, two]) expect([body.length <= 160, /^[\x20-\x7e]+$/.test(body)]).toEqual([true, true]);
    // No table keeps the number or the secret of it in plain.
    const [kept] = await sql<{ row: string }[]>`SELECT to_jsonb(s)::text AS row FROM phone_sends s WHERE id = ${stranger}`;
    expect(kept!.row).not.toMatch(/12345678/);
    expect(kept!.row).not.toContain(await secretTo(unknown.phone));
  });

  test("only the phone's own holder sees anything behind the link", async () => {
    const [{ actor }, { actor: ana }, { actor: eve }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson(), await makePerson()];
    const id = await send(actor, phone(ana));
    const secret = await secretTo(ana.phone);
    expect(await readClaimLink(secret, null)).toEqual({ kind: "strangers" });
    expect(await readClaimLink("x".repeat(22), null)).toEqual({ kind: "strangers" });
    expect(await readClaimLink(secret, eve)).toEqual({ kind: "other_phone" });
    expect(await readClaimLink("x".repeat(22), eve)).toEqual({ kind: "other_phone" });
    expect(await readClaimLink(secret, ana)).toEqual({ kind: "yours", sendId: id });
    expect(await codeOf(getSend(eve, id))).toBe("not_found");
    expect(await codeOf(claimSend(eve, id))).toBe("not_found");
    expect(await codeOf(claimSend(actor, id))).toBe("not_found");
    expect(await sendsToAnswer(ana)).toMatchObject([{ id, canClaim: true, other: { name: "Marina" } }]);
    expect(await sendsToAnswer(eve)).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ operation: "held", to: null });
  });

  test("taken, it goes on by the sender's server key, once", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ name: "Ana Maria" })];
    const id = await send(actor, phone(ana));
    const secret = await secretTo(ana.phone);
    expect(await claimSend(ana, id)).toEqual({ transactionId: id, isWaitingForSender: false });
    expect(await claimSend(ana, id)).toEqual({ transactionId: id, isWaitingForSender: false });
    expect(await rowOf(id)).toMatchObject({ operation: "queued", to: ana.userId, code: null });
    expect(await auditsOf(id)).toEqual(["money.moved_by_owner", "send.claimed"]);
    expect(await codeOf(cancelSend(actor, id))).toBe("send_over");
    expect(await readClaimLink(secret, ana)).toEqual({ kind: "yours", sendId: id });
    expect((await getSend(actor, id)).other).toMatchObject({ kind: "phone", name: "Ana M." });
    await confirmOnChain(id);
    expect((await quoted(actor, phone(ana))).payee.isKnown).toBe(true);
  });

  test("taken back, it can't be taken; somebody else can't take it back; the row ends as the follower ends refusals", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    const id = await send(actor, phone(ana));
    const secret = await secretTo(ana.phone);
    expect(await codeOf(cancelSend(ana, id))).toBe("not_found");
    await cancelSend(actor, id);
    await cancelSend(actor, id);
    expect(await rowOf(id)).toMatchObject({ operation: "queued", code: "cancelled" });
    expect(await getSend(actor, id)).toMatchObject({ state: "cancelled", canCancel: false });
    expect(await codeOf(claimSend(ana, id))).toBe("send_over");
    expect(await codeOf(getSend(ana, id))).toBe("not_found");
    expect(await readClaimLink(secret, ana)).toEqual({ kind: "yours", sendId: id });
    expect(await auditsOf(id)).toEqual(["money.moved_by_owner", "send.cancelled"]);
  });

  test("after 14 days it is returned by itself, and its sender is told", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    const id = await send(actor, phone(ana));
    await returnSends();
    expect(await rowOf(id)).toMatchObject({ operation: "held" });
    await sql`UPDATE phone_sends SET expires_at = now() WHERE id = ${id}`;
    expect(await codeOf(claimSend(ana, id))).toBe("send_over");
    const ended = await Promise.all([returnSends(), returnSends(), returnSends()]);
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await rowOf(id)).toMatchObject({ operation: "queued", code: "returned" });
    expect(await getSend(actor, id)).toMatchObject({ state: "returned" });
    expect((await messagesTo(actor.phone)).filter((body) => body.includes("voltou ao seu saldo"))).toHaveLength(1);
  });

  test("a sender who alone signs is asked, may confirm, and may still take it back", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson({ name: "Ana Maria" })];
    await takeOver(actor);
    const id = await send(actor, phone(ana));
    expect(await claimSend(ana, id)).toEqual({ transactionId: id, isWaitingForSender: true });
    expect(await rowOf(id)).toMatchObject({ operation: "held", to: ana.userId });
    expect((await getSend(ana, id)).state).toBe("unconfirmed");
    expect(await sendsToAnswer(actor)).toMatchObject([{ id, state: "unconfirmed", canCancel: true }]);
    expect((await messagesTo(actor.phone)).at(-1)).toBe("CocoPay: Ana aceitou o que voce enviou. Abra o CocoPay e confirme para o dinheiro sair.");
    expect(await codeOf(releaseSend(ana, id))).toBe("not_found");
    await releaseSend(actor, id);
    await releaseSend(actor, id);
    expect(await rowOf(id)).toMatchObject({ operation: "queued", code: null });
    expect(await codeOf(cancelSend(actor, id))).toBe("send_over");
    const other = await send(actor, phone(ana));
    await claimSend(ana, other);
    await cancelSend(actor, other);
    expect((await getSend(ana, other)).state).toBe("cancelled");
    expect(await codeOf(releaseSend(actor, other))).toBe("send_over");
  });

  test("a frozen sender's money can't be taken; it waits", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    const id = await send(actor, phone(ana));
    await sql`UPDATE users SET frozen_at = now() WHERE id = ${actor.userId}`;
    expect(await codeOf(claimSend(ana, id))).toBe("sender_not_ready");
    expect(await rowOf(id)).toMatchObject({ operation: "held", to: null });
  });

  test("reserved money is not spent twice while it waits", async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: 2_000_000n }), await makePerson()];
    await send(actor, phone(ana), "10,00");
    expect(await codeOf(quoted(actor, person(ana), "10,00"))).toBe("balance_insufficient");
  });

  test(`two browsers take one send, ${RACES} times: one send, one audit line, both get the answer`, async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    for (let race = 0; race < RACES; race += 1) {
      const id = await send(actor, phone(ana), "1,00");
      const [one, two] = [await makeSession(ana), await makeSession(ana)];
      expect(await Promise.all([claimSend(one, id), claimSend(two, id)])).toEqual([{ transactionId: id, isWaitingForSender: false }, { transactionId: id, isWaitingForSender: false }]);
      expect(await rowOf(id)).toMatchObject({ operation: "queued", to: ana.userId });
      expect((await auditsOf(id)).filter((action) => action === "send.claimed")).toHaveLength(1);
    }
  });

  test(`taken and taken back in the same moment, ${RACES} times: exactly one of them`, async () => {
    const [{ actor }, { actor: ana }] = [await makePerson({ dollarsUsdMicros: DOLLARS }), await makePerson()];
    const winners = new Set<string>();
    for (let race = 0; race < RACES; race += 1) {
      const id = await send(actor, phone(ana), "1,00");
      const tries = race % 2 === 0 ? ([claimSend(ana, id), cancelSend(actor, id)] as const) : ([cancelSend(actor, id), claimSend(ana, id)] as const);
      const results = await Promise.allSettled(tries);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const row = await rowOf(id);
      winners.add(row.code ?? "claimed");
      expect(row.code === null ? row.to : null).toBe(row.code === null ? ana.userId : null);
    }
    expect(winners.size).toBeGreaterThan(0);
  });
});
