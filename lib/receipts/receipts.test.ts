import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { newId } from "@/lib/ids";
import { LIMITS } from "@/lib/rate-limit/rules";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { createReceiptLink } from "./create-receipt-link";
import { forgetReceiptLinks } from "./forget-receipt-links";
import { listReceiptLinks, openSharedReceipt } from "./queries";
import { revokeReceiptLink } from "./revoke-receipt-link";
import { RECEIPT_LINKS_MAX, RECEIPT_SECRET } from "./rules";

const secretOf = (url: string) => new URL(url).pathname.replace("/r/", "");
let visits = 0;
/** Each look from another address, so that only the test of the limit meets it. */
const visitor = () => ({ ip: `198.51.${Math.floor((visits += 1) / 250)}.${visits % 250}` });

async function paidReceipt() {
  const { actor } = await makePerson({ name: "Marina Segredo" });
  const store = await makeStore();
  const { id, code } = await makePayment({ storeId: store.storeId, payerId: actor.userId });
  return { actor, store, id, code };
}

async function linkOf(actor: Actor, id: string) {
  const { url } = await createReceiptLink(actor, id);
  return { url, secret: secretOf(url) };
}

beforeEach(async () => {
  await sql`DELETE FROM chain_cursors`;
});

describe("a receipt's link", () => {
  test("shows store, amount, time and code, and nothing of the payer", async () => {
    const { actor, id, code } = await paidReceipt();
    await sql`UPDATE transactions SET tx_hash = ${`0x${"a".repeat(64)}`}, payer_address = ${`0x${"b".repeat(40)}`} WHERE id = ${id}`;
    const { url, secret } = await linkOf(actor, id);
    expect(url).toMatch(/^http:\/\/localhost:3000\/r\/[\w-]{22}$/);
    const seen = await openSharedReceipt(visitor(), secret);
    expect(seen).toMatchObject({ state: "paid", code, amountBrlCentavos: 3_850n, store: { name: "Café da Praia" } });
    const said = JSON.stringify(seen, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
    for (const word of ["Marina", actor.phone, actor.userId, id, "aaaa", "bbbb"]) expect([word, said.includes(word)]).toEqual([word, false]);
  });

  test("is kept as a hash alone", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    const [row] = await sql`SELECT * FROM receipt_links WHERE transaction_id = ${id}`;
    expect(row!.secret_hash).toBe(createHash("sha256").update(secret).digest("hex"));
    const everything = JSON.stringify([row, await sql`SELECT * FROM audit_logs WHERE resource_id = ${id}`]);
    expect(everything.includes(secret)).toBe(false);
  });

  test("is made by the payer alone, of a payment that is paid", async () => {
    const { actor, store, id } = await paidReceipt();
    const other = await makePerson();
    await expect(createReceiptLink(other.actor, id)).rejects.toThrow("not_found");
    await expect(createReceiptLink(store.actor, id)).rejects.toThrow("not_found");
    await expect(createReceiptLink(actor, newId())).rejects.toThrow("not_found");
    await expect(createReceiptLink(actor, "1' OR '1'='1")).rejects.toThrow("not_found");
    const pending = await makePayment({ storeId: store.storeId, payerId: actor.userId, status: "pending" });
    await expect(createReceiptLink(actor, pending.id)).rejects.toThrow("receipt_not_paid");
    expect(await sql`SELECT id FROM receipt_links WHERE created_by = ${actor.userId}`).toHaveLength(0);
  });

  test("wrong, revoked, malformed and cut secrets are one answer", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    const [link] = await listReceiptLinks(actor, id);
    const answers = new Set<string>();
    const ask = async (text: string) => openSharedReceipt(visitor(), text).then(() => "opened", (error: Error) => `${error.message} ${JSON.stringify(error)}`);
    const flipped = `${secret.startsWith("A") ? "B" : "A"}${secret.slice(1)}`;
    for (const text of [flipped, secret.slice(0, 21), `${secret}A`, secret.toUpperCase() === secret ? secret.toLowerCase() : secret.toUpperCase(), "", "%00", "../../etc/passwd", "' OR 1=1 --", "😀".repeat(11), createHash("sha256").update(secret).digest("hex")]) answers.add(await ask(text));
    await revokeReceiptLink(actor, link!.id);
    answers.add(await ask(secret));
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toContain("not_found");
  });

  test("of 22 letters, only the sixteen bytes' own spelling opens", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    expect(secret).toMatch(RECEIPT_SECRET);
    // The last letter carries two bits; its other spellings decode to the same bytes and must not open.
    const same = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("").map((last) => secret.slice(0, 21) + last).filter((text) => text !== secret);
    const opened = await Promise.all(same.map((text) => openSharedReceipt(visitor(), text).then(() => text, () => null)));
    expect(opened.filter(Boolean)).toEqual([]);
  });

  test("another person can neither end nor list it", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    const [link] = await listReceiptLinks(actor, id);
    const thief = await makePerson();
    await expect(revokeReceiptLink(thief.actor, link!.id)).rejects.toThrow("not_found");
    expect(await listReceiptLinks(thief.actor, id)).toEqual([]);
    expect((await openSharedReceipt(visitor(), secret)).state).toBe("paid");
  });

  test("a receipt has a few at a time, however many requests race; an ended one makes room", async () => {
    const { actor, id } = await paidReceipt();
    const made = await Promise.allSettled(Array.from({ length: 20 }, () => createReceiptLink(actor, id)));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(RECEIPT_LINKS_MAX);
    expect(made.filter((one) => one.status === "rejected" && String(one.reason).includes("receipt_links_limit"))).toHaveLength(20 - RECEIPT_LINKS_MAX);
    const [newest] = await listReceiptLinks(actor, id);
    await revokeReceiptLink(actor, newest!.id);
    await revokeReceiptLink(actor, newest!.id);
    await createReceiptLink(actor, id);
    expect(await sql`SELECT 1 FROM audit_logs WHERE resource_id = ${id} AND action = 'receipt.link_revoked'`).toHaveLength(1);
  });

  test("follows the chain: checking after a reorg, without its code; paid again; refunded", async () => {
    const { actor, store, id, code } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    await sql`UPDATE transactions SET status = 'pending' WHERE id = ${id}`;
    expect(await openSharedReceipt(visitor(), secret)).toMatchObject({ state: "checking", code: null });
    await sql`UPDATE transactions SET status = 'failed' WHERE id = ${id}`;
    expect(await openSharedReceipt(visitor(), secret)).toMatchObject({ state: "failed", code: null });
    await sql`UPDATE transactions SET status = 'confirmed' WHERE id = ${id}`;
    expect(await openSharedReceipt(visitor(), secret)).toMatchObject({ state: "paid", code });
    await sql`
      INSERT INTO outside_payments (id, chain_id, store_id, transaction_id, outcome, payer, beneficiary, amount_usd, reward_units, store_units, tx_hash, refund_status)
      VALUES (${newId()}, '84532', ${store.storeId}, ${id}, 'outside', ${`0x${"1".repeat(40)}`}, ${`0x${"1".repeat(40)}`}, 7, 1, 1, ${`0x${"2".repeat(64)}`}, 'requested')`;
    expect((await openSharedReceipt(visitor(), secret)).state).toBe("paid");
    await sql`UPDATE outside_payments SET refund_status = 'refunded' WHERE transaction_id = ${id}`;
    expect((await openSharedReceipt(visitor(), secret)).state).toBe("refunded");
  });

  test("says when the public record was last read, and that a silent chain confirms nothing new", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    expect((await openSharedReceipt(visitor(), secret)).record).toBeNull();
    await sql`INSERT INTO chain_cursors (chain_id, genesis_hash, block_number, block_hash, block_time) VALUES ('84532', '0x1', 1, '0x2', now())`;
    expect((await openSharedReceipt(visitor(), secret)).record).toMatchObject({ isFresh: true });
    await sql`UPDATE chain_cursors SET head_moved_at = now() - interval '10 minutes'`;
    expect((await openSharedReceipt(visitor(), secret)).record).toMatchObject({ isFresh: false });
  });

  test("an address may look so often, right or wrong", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    const from = { ip: "203.0.113.7" };
    for (let i = 0; i < LIMITS.receipt_link_address.times; i += 1) await openSharedReceipt(from, "no").catch(() => undefined);
    await expect(openSharedReceipt(from, secret)).rejects.toThrow("too_many_requests");
    expect((await openSharedReceipt({ ip: "203.0.113.8" }, secret)).state).toBe("paid");
  });

  test("ends with the account that made it", async () => {
    const { actor, id } = await paidReceipt();
    const { secret } = await linkOf(actor, id);
    await db.transaction((tx) => forgetReceiptLinks(tx, actor.userId));
    await expect(openSharedReceipt(visitor(), secret)).rejects.toThrow("not_found");
  });
});
