import { beforeEach, describe, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { openGuestPayment } from "@/lib/guests/open-guest-payment";
import { newId } from "@/lib/ids";
import { getPayPage } from "@/lib/payments/queries";
import { quotePayment, rewardsBeside } from "@/lib/payments/quote-payment";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { topUpChainFor } from "@/lib/topups/offered";
import { isEnabled } from "./is-enabled";
import { FLAGS, type Flag } from "./rules";

// A node that is away: prices follow the mirrored state.
Object.assign(process.env, { AVENIA_BASE_URL: "http://127.0.0.1:9", RPC_URL_84532: "http://127.0.0.1:9" });

const TEN_SECONDS = 10_000;
/** What an operator does to a row, and the ten seconds in which it is felt. */
async function turn(flag: Flag, enabled: boolean, rules: object[] = []) {
  await sql`UPDATE feature_flags SET enabled = ${enabled}, rules = ${sql.json(rules as never)} WHERE name = ${flag}`;
  vi.setSystemTime(Date.now() + TEN_SECONDS);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await sql`UPDATE feature_flags SET enabled = name <> 'till_pix', rules = '[]'`;
  vi.setSystemTime(Date.now() + TEN_SECONDS);
});

test("every flag has its row; all are on but Pix at the till", async () => {
  const rows = await sql<{ name: string; enabled: boolean }[]>`SELECT name, enabled FROM feature_flags ORDER BY name`;
  expect(rows.map(({ name }) => name)).toEqual([...FLAGS].toSorted());
  expect(rows.filter(({ enabled }) => !enabled).map(({ name }) => name)).toEqual(["till_pix"]);
});

describe("guest payments", () => {
  const visitor = (deviceId: string) => ({ ip: "203.0.113.7", deviceId });
  const browser = "A".repeat(22);

  test("off: a wallet's price is refused for strangers and people", async () => {
    await makeRate();
    const { shortCode } = await makeStore();
    const input = { shortCode, currency: "BRL" as const, amountText: "10,00" };
    expect(await openGuestPayment(visitor(browser), null, input)).toHaveProperty("reference");
    await turn("guest_payments", false);
    await expect(openGuestPayment(visitor(browser), null, input)).rejects.toThrow("guest_payments_off");
    await expect(openGuestPayment(visitor(browser), { userId: newId() }, input)).rejects.toThrow("guest_payments_off");
  });

  test("a share of the browsers keeps it, always the same ones", async () => {
    await turn("guest_payments", true, [{ type: "percentage", value: 30 }]);
    const browsers = Array.from({ length: 300 }, (_, index) => String(index).padStart(22, "B"));
    const ask = () => Promise.all(browsers.map((id) => isEnabled("guest_payments", id)));
    const first = await ask();
    const on = first.filter(Boolean).length;
    expect(on).toBeGreaterThan(60);
    expect(on).toBeLessThan(120);
    expect(await ask()).toEqual(first);
    await turn("guest_payments", true, [{ type: "percentage", value: 60 }]);
    const more = await ask();
    expect(first.every((wasOn, index) => !wasOn || more[index])).toBe(true);
  });
});

test("mixed payments off: dollars alone pay, for this person; the payer's own choice comes back with the switch", async () => {
  await makeRate();
  const { storeId, shortCode } = await makeStore();
  const { actor } = await makePerson({ dollarsUsdMicros: 50_000_000n });
  const [token] = await sql<{ token_address: string }[]>`SELECT token_address FROM store_deployments WHERE store_id = ${storeId}`;
  await sql`INSERT INTO token_balances (id, user_id, chain_id, token_address, store_id, balance) VALUES (${newId()}, ${actor.userId}, '84532', ${token!.token_address}, ${storeId}, ${"9000000000000000000000"})`;
  await sql`INSERT INTO revnet_states (store_id, chain_id, surplus_usd_micros, supply, pending_reserved, borrowed_usd_micros, collateral, block_number) VALUES (${storeId}, '84532', 100000000, ${"100000000000000000000000"}, 0, 0, 0, 1) ON CONFLICT DO NOTHING`;
  const kindsOf = async () => (await quotePayment(actor, { shortCode, currency: "USD", amountText: "500" })).quote.parts.map(({ kind }) => kind);
  expect(await kindsOf()).toContain("own");
  const all = (await getPayPage(shortCode, actor)).availableUsdMicros;
  await turn("mixed_payments", true, [{ type: "user_id", values: [newId()] }]);
  expect(await kindsOf()).toEqual(["dollars"]);
  const { quote } = await quotePayment(actor, { shortCode, currency: "USD", amountText: "500" });
  expect(quote.choice).toEqual({ isDollarsOnly: false, offStoreIds: [] });
  expect(await rewardsBeside(actor, quote)).toMatchObject({ choices: [], leftOut: [] });
  expect((await getPayPage(shortCode, actor)).availableUsdMicros).toBe(50_000_000n);
  expect(all).toBeGreaterThan(50_000_000n);
  await turn("mixed_payments", true);
  expect(await kindsOf()).toContain("own");
});

test("adding funds off: not offered to whoever it is off for", async () => {
  const userId = newId();
  expect(await topUpChainFor(userId)).toBe("84532");
  await turn("top_ups", false);
  expect(await topUpChainFor(userId)).toBeNull();
  await turn("top_ups", true);
  expect(await topUpChainFor(userId)).toBe("84532");
});
