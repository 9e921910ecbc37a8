import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { balanceOf, holdingsOf } from "@/lib/balances/queries";
import { makePerson, makeRate, makeStore, paymentRowsOf } from "@/lib/test/factories";
import { confirmPayment } from "./confirm-payment";
import { openQuote, signQuote } from "./quote";
import { quotePayment, refreshQuote } from "./quote-payment";

const ONE_OF_EACH = { transactions: 1, operations: 1, reservations: 1, audits: 1, events: 1 };
const NOTHING = { transactions: 0, operations: 0, reservations: 0, audits: 0, events: 0 };
const usd = (amountText: string, shortCode: string) => ({ shortCode, currency: "USD" as const, amountText });
const availableOf = async (userId: string) => balanceOf(await holdingsOf(userId)).dollarsUsdMicros;

beforeAll(makeRate);

async function readyToPay({ dollarsUsdMicros = 100_000_000n, amountText = "7,00" } = {}) {
  const payer = await makePerson({ dollarsUsdMicros });
  const store = await makeStore();
  const { signed, quote } = await quotePayment(payer.actor, usd(amountText, store.shortCode));
  return { ...payer, store, signed, quote };
}

describe("confirmPayment", () => {
  test("reserves the money and leaves one row of each kind, pending", async () => {
    const { actor, signed } = await readyToPay();
    const { transactionId } = await confirmPayment(actor, { key: randomUUID(), quote: signed });
    expect(await paymentRowsOf(actor.userId)).toEqual(ONE_OF_EACH);
    expect(await availableOf(actor.userId)).toBe(93_000_000n);
    const [row] = await sql`SELECT t.status, t.confirmation_code, o.status AS operation, o.nonce_key::text FROM transactions t JOIN user_operations o ON o.id = t.id WHERE t.id = ${transactionId}`;
    expect(row).toMatchObject({ status: "pending", operation: "queued", nonce_key: BigInt(`0x${transactionId.replaceAll("-", "")}`).toString() });
    expect(row!.confirmation_code).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
  });

  test("one key is one payment, however many requests race", async () => {
    const { actor, signed } = await readyToPay();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 200 }, () => confirmPayment(actor, { key, quote: signed })));
    expect(new Set(answers.map((answer) => answer.transactionId)).size).toBe(1);
    expect(await paymentRowsOf(actor.userId)).toEqual(ONE_OF_EACH);
  });

  test("the same key with another amount is refused, also one centavo more", async () => {
    const { actor, signed, store } = await readyToPay();
    const key = randomUUID();
    await confirmPayment(actor, { key, quote: signed });
    const other = await quotePayment(actor, { shortCode: store.shortCode, currency: "BRL", amountText: "3851" });
    await expect(confirmPayment(actor, { key, quote: other.signed })).rejects.toThrow("idempotency_mismatch");
    expect(await paymentRowsOf(actor.userId)).toEqual(ONE_OF_EACH);
  });

  test("two payers may use the same key", async () => {
    const [one, two] = [await readyToPay(), await readyToPay()];
    const key = randomUUID();
    await confirmPayment(one.actor, { key, quote: one.signed });
    await confirmPayment(two.actor, { key, quote: two.signed });
    expect(await paymentRowsOf(two.actor.userId)).toEqual(ONE_OF_EACH);
  });

  test("racing payments cannot spend one balance twice", async () => {
    const { actor, store } = await readyToPay({ dollarsUsdMicros: 10_000_000n, amountText: "1,00" });
    const { signed } = await quotePayment(actor, usd("1,00", store.shortCode));
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => confirmPayment(actor, { key: randomUUID(), quote: signed })));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(10);
    expect(results.filter((result) => result.status === "rejected" && String(result.reason).includes("balance_insufficient"))).toHaveLength(90);
    expect(await availableOf(actor.userId)).toBe(0n);
  });

  test("a price that ended writes nothing; its payment made in time still answers", async () => {
    const { actor, signed, quote } = await readyToPay();
    const late = new Date(quote.expiresAt.getTime() + 1);
    const key = randomUUID();
    await expect(confirmPayment(actor, { key, quote: signed }, late)).rejects.toThrow("quote_expired");
    expect(await paymentRowsOf(actor.userId)).toEqual(NOTHING);
    const first = await confirmPayment(actor, { key, quote: signed });
    expect(await confirmPayment(actor, { key, quote: signed }, late)).toEqual(first);
    const refreshed = await refreshQuote(actor, signed);
    expect(await confirmPayment(actor, { key, quote: refreshed.signed })).toEqual(first);
  });

  test("another person's quote and a changed one are refused", async () => {
    const { signed, quote, actor } = await readyToPay();
    const thief = await makePerson({ dollarsUsdMicros: 100_000_000n });
    await expect(confirmPayment(thief.actor, { key: randomUUID(), quote: signed })).rejects.toThrow("quote_invalid");
    const [body] = signQuote({ ...quote, amountUsdMicros: 1n }).split(".");
    const [, mac] = signed.split(".");
    await expect(confirmPayment(actor, { key: randomUUID(), quote: `${body}.${mac}` })).rejects.toThrow("quote_invalid");
    expect(openQuote(signed, actor.userId)).toEqual(quote);
  });

  test("a new account's day ends at US$ 500, whatever races", async () => {
    const { actor, store } = await readyToPay({ dollarsUsdMicros: 900_000_000n });
    const { signed } = await quotePayment(actor, usd("200,00", store.shortCode));
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => confirmPayment(actor, { key: randomUUID(), quote: signed })));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(2);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "limit_day" } });
  });

  test("a store that closed meanwhile is refused and leaves no trace", async () => {
    const { actor, store, signed } = await readyToPay();
    await sql`UPDATE stores SET closed_at = now() WHERE id = ${store.storeId}`;
    await expect(confirmPayment(actor, { key: randomUUID(), quote: signed })).rejects.toThrow("store_closed");
    expect(await paymentRowsOf(actor.userId)).toEqual(NOTHING);
  });
});

describe("quotePayment", () => {
  test("reais settle in dollars, rounded up to the micro-dollar", async () => {
    const { quote } = await readyToPay({ amountText: "38,50" });
    expect(quote.amountUsdMicros).toBe(38_500_000n);
    const payer = await makePerson({ dollarsUsdMicros: 100_000_000n });
    const store = await makeStore();
    const reais = await quotePayment(payer.actor, { shortCode: store.shortCode.toLowerCase(), currency: "BRL", amountText: "3850" });
    const rate = reais.quote.brlPerUsdMicros;
    expect(reais.quote.amountUsdMicros * rate).toBeGreaterThanOrEqual(38_500_000n * 1_000_000n);
    expect((reais.quote.amountUsdMicros - 1n) * rate).toBeLessThan(38_500_000n * 1_000_000n);
    expect(reais.quote.rewardUnits).toBe((reais.quote.amountUsdMicros * 1_000n * 10n ** 18n) / 1_000_000n / 20n);
  });

  test.each([
    ["", "amount_missing"],
    ["0", "amount_too_small"],
    ["-1", "amount_negative"],
    ["1e9", "amount_invalid"],
    ["25.505", "amount_ambiguous"],
    ["1".repeat(40), "amount_too_large"],
    ["٤٥", "amount_invalid"],
    ["<b>1</b>", "amount_invalid"],
    ["20000000", "limit_payment"],
    ["15000", "balance_insufficient"],
  ])("%s is refused with %s", async (amountText, code) => {
    const payer = await makePerson({ dollarsUsdMicros: 100_000_000n });
    const store = await makeStore();
    await expect(quotePayment(payer.actor, usd(amountText, store.shortCode))).rejects.toThrow(code);
  });

  test("a store that is not deployed, not started, closed or unknown says which", async () => {
    const payer = await makePerson({ dollarsUsdMicros: 100_000_000n });
    const pending = await makeStore({ chainIds: [] });
    await expect(quotePayment(payer.actor, usd("1,00", pending.shortCode))).rejects.toThrow("store_not_ready");
    const soon = await makeStore();
    await sql`UPDATE stores SET starts_at = now() + interval '20 s' WHERE id = ${soon.storeId}`;
    await expect(quotePayment(payer.actor, usd("1,00", soon.shortCode))).rejects.toThrow("store_not_started");
    await expect(quotePayment(payer.actor, usd("1,00", "NOSUCH"))).rejects.toThrow("short_code_unknown");
    await sql`UPDATE store_codes SET retired_at = now() WHERE store_id = ${soon.storeId}`;
    await expect(quotePayment(payer.actor, usd("1,00", soon.shortCode))).rejects.toMatchObject({ code: "short_code_unknown", details: { retired: 1 } });
  });
});
