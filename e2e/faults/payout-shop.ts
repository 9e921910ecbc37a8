import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { chromium as browsers, type Browser, type Page } from "@playwright/test";
import { erc20Abi, parseEventLogs, type Address } from "viem";
import { USDC } from "@/lib/chain/addresses";
import { heading, keepKey, knowStore, reviewPix, SLOW_MS } from "../payout-pages";
import { chromium, CHROMIUM_FLAGS } from "../playwright.config";
import type { World } from "./check";
import { isDeployed, open, untilStarted } from "./checks/stores";
import { pay } from "./pages";
import { untilSettled } from "./payments";
import { newPerson, type Person } from "./people";
import { nonceOf } from "./reader";
import { CHAIN } from "./stack";
import { pause, until } from "./until";

/** A store with money, its owner in a real browser, and the partner's stand-in. */
export type Shop = {
  storeId: string; owner: Person; browser: Browser; page: Page; partnerUrl: string;
  /** Destinations by what becomes of a Pix to them. */
  to: Record<Fate, string>;
};

const KEYS = { paid: "recebe@exemplo.com.br", failed: "falha@pix.test", returned: "devolvido@pix.test", held: "retido@pix.test" } as const;
export type Fate = keyof typeof KEYS;

/** The payers' limits of a day are 500 dollars. */
const SALES = 3;
const SALE_USD = 400n;
const USD_MICROS = 1_000_000n;

export async function openShop(world: World): Promise<Shop> {
  const owner = await newPerson(world);
  const { storeId, shortCode } = await open(world, owner);
  await until("the store is deployed", () => isDeployed(world, storeId, [CHAIN]), 120_000);
  await untilStarted(world, storeId, [world.reader]);
  for (let sale = 0; sale < SALES; sale += 1) {
    const payer = await newPerson(world, SALE_USD * USD_MICROS);
    await untilSettled(world, [await pay(world.web[0], payer, shortCode, `${SALE_USD},00`)]);
  }
  const browser = await browsers.launch({ ...(chromium ? { executablePath: chromium } : {}), args: CHROMIUM_FLAGS });
  const context = await browser.newContext({ baseURL: world.web[0], locale: "pt-BR", timezoneId: "America/Sao_Paulo" });
  const [name = "", value = ""] = owner.cookie.split("=");
  await context.addCookies([{ name, value, url: world.web[0] }]);
  const page = await context.newPage();
  const variables = parseEnv(readFileSync(join(world.folder, "worker.env"), "utf8"));
  const shop: Shop = { storeId, owner, browser, page, partnerUrl: variables.AVENIA_BASE_URL ?? "", to: { paid: "", failed: "", returned: "", held: "" } };
  await confirmAgain(world, shop);
  await knowStore(page, storeId);
  for (const fate of Object.keys(KEYS) as Fate[]) shop.to[fate] = await keepKey(page, storeId, KEYS[fate]);
  await world.db`UPDATE payout_destinations SET usable_at = now() WHERE store_id = ${storeId}`;
  return shop;
}

/** What the owner's passkey leaves in the session, for the next minutes; and no bounds on how often one asks. */
async function confirmAgain({ db }: World, { owner }: Pick<Shop, "owner">) {
  await db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE user_id = ${owner.userId}`;
  await db`DELETE FROM rate_limits WHERE key LIKE 'payout%'`;
}

/** Goes to the review of a Pix with its price; the button is there and not yet tapped. */
export async function reviewOf(world: World, shop: Shop, fate: Fate, reais: string): Promise<void> {
  await confirmAgain(world, shop);
  await reviewPix(shop.page, shop.storeId, shop.to[fate], reais);
  await shop.page.getByRole("button", { name: /^Enviar R\$/ }).waitFor({ timeout: SLOW_MS });
}

const payoutIn = (url: string) => /\/payouts\/([0-9a-f]{8}-[0-9a-f-]{27})/.exec(url)?.[1];

/** A process that was killed needs up to ten seconds to be back. */
const DOWN_MS = 1_000;

/** Taps until the payout's page is there, as a person with a bad connection does: the address of the review keeps the key. */
export async function tapUntilTaken({ page }: Shop): Promise<string> {
  const review = page.url();
  for (let tries = 0; tries < 40; tries += 1) {
    const seen = await page
      .getByRole("button", { name: /^Enviar R\$|Atualizar/ })
      .first()
      .click({ timeout: 5_000 })
      .then(() => page.waitForURL((url) => payoutIn(url.href) !== undefined, { timeout: 5_000 }))
      .catch(() => null);
    const id = payoutIn(page.url());
    if (id) return id;
    // Its process died in mid-sentence: the same page again, once there is one.
    if (seen === null) await page.goto(review, { timeout: 5_000 }).catch(() => pause(DOWN_MS));
  }
  throw new Error(`The payout was never taken: ${page.url()}`);
}

export const requestPix = async (world: World, shop: Shop, fate: Fate, reais: string): Promise<string> => (await reviewOf(world, shop, fate, reais), tapUntilTaken(shop));

/** The owner orders once more, to a destination that works, until the page says that it went on. */
export async function retryUntilTaken({ page, storeId, to }: Shop, payoutId: string): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    await page.goto(`/stores/${storeId}/payouts/${payoutId}`, { timeout: 5_000 }).catch(() => pause(DOWN_MS));
    const again = page.getByRole("button", { name: "Tentar de novo" });
    if (await heading(page, "Repasse").isVisible().catch(() => false)) {
      if (!(await again.isVisible())) return;
      await page.getByLabel("Enviar para").selectOption(to.paid);
      await again.click({ timeout: 5_000 }).then(() => again.waitFor({ state: "detached", timeout: 5_000 })).catch(() => null);
    } else await pause(DOWN_MS); // The page that the phone keeps for being offline.
  }
  throw new Error(`The payout ${payoutId} was never tried again; the page says: ${(await page.locator("body").innerText().catch(() => "nothing")).slice(0, 400)}`);
}

export type PayoutRow = { id: string; state: string; fundedUsdMicros: string | null; transactionId: string; submissionId: string | null; isCredited: boolean; operation: string; endToEndId: string | null; hasReceipt: boolean };
export const payoutsOf = ({ db }: World, storeId: string) => db<PayoutRow[]>`
  SELECT p.id, p.state, (p.funded_usd * 1000000)::bigint::text AS "fundedUsdMicros", p.transaction_id AS "transactionId", p.submission_id AS "submissionId", p.credited_at IS NOT NULL AS "isCredited",
         o.status AS operation, p.end_to_end_id AS "endToEndId", EXISTS (SELECT FROM payout_receipts r WHERE r.payout_id = p.id AND r.ticket_id = p.external_id) AS "hasReceipt"
  FROM payouts p JOIN user_operations o ON o.id = p.operation_id WHERE p.store_id = ${storeId} ORDER BY p.id`;
export async function payoutOf(world: World, storeId: string, payoutId: string): Promise<PayoutRow> {
  const row = (await payoutsOf(world, storeId)).find(({ id }) => id === payoutId);
  assert(row, `payout ${payoutId} is there`);
  return row;
}

export async function tellPartner({ partnerUrl }: Shop, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${partnerUrl}/__sandbox/${path}`, { method: "POST", body: JSON.stringify(body) });
  assert(answer.ok, `${path} answered ${answer.status}`);
}

type Ledger = { isConserved: boolean; payouts: { id: string; externalId: string; status: string; inputUsdMicros: string }[]; accounts: { id: string; balanceUsdMicros: string }[] };

/** The dollars that ever came to the store's account at the partner, by the chain's own events. */
async function depositsAt(world: World, address: Address): Promise<bigint[]> {
  const logs = await world.reader.client.request({ method: "eth_getLogs", params: [{ address: USDC[CHAIN], fromBlock: "0x0", toBlock: "latest", topics: [null, null, `0x${address.slice(2).padStart(64, "0")}`] }] });
  return parseEventLogs({ abi: erc20Abi, eventName: "Transfer", logs }).map(({ args }) => args.value);
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const sorted = (amounts: readonly bigint[]) => amounts.toSorted((a, b) => Number(a - b)).map(String);

/**
 * Chain, partner and rows agree once nothing is on its way: each payout's dollars left the store once, in one operation of its own, and are paid out once or
 * lie on the store's balance at the partner. Answers how much was sent and paid.
 */
export async function assertConserved(world: World, { storeId, partnerUrl }: Shop): Promise<string> {
  const rows = await payoutsOf(world, storeId);
  const [account] = await world.db<{ accountId: string; address: Address }[]>`SELECT account_id AS "accountId", deposit_address AS address FROM payout_accounts WHERE store_id = ${storeId} AND provider = 'avenia'`;
  assert(account);
  const [ledger, deposits, operations] = await Promise.all([
    fetch(`${partnerUrl}/__sandbox/ledger`).then((answer) => answer.json() as Promise<Ledger>),
    depositsAt(world, account.address),
    world.reader.operations(),
  ]);
  assert.equal(ledger.isConserved, true, "the partner's own sums");
  assert.deepEqual(sorted(rows.map(({ fundedUsdMicros }) => BigInt(fundedUsdMicros ?? -1))), sorted(deposits), "each payout's dollars came once");
  for (const row of rows) assert.equal(operations.filter(({ nonce, success }) => success && nonce === nonceOf(row.transactionId)).length, 1, `one operation of ${row.id}`);
  const orders = ledger.payouts.filter(({ externalId }) => rows.some(({ submissionId }) => submissionId === externalId));
  assert.equal(orders.length, rows.length, "one order under each payout's present id");
  const paid = orders.filter(({ status }) => status === "PAID");
  assert.deepEqual(paid.map(({ externalId }) => externalId).toSorted(), rows.filter(({ state }) => state === "completed").map(({ submissionId }) => submissionId).toSorted(), "completed here is paid there");
  const given = sum(paid.map(({ inputUsdMicros }) => BigInt(inputUsdMicros)));
  assert.equal(sum(rows.filter(({ state }) => state === "completed").map(({ fundedUsdMicros }) => BigInt(fundedUsdMicros ?? 0))), given, "and as much");
  assert.equal(BigInt(ledger.accounts.find(({ id }) => id === account.accountId)?.balanceUsdMicros ?? -1), sum(deposits) - given, "the rest lies at the partner");
  return `${deposits.length} deposits of ${sum(deposits)} micro-dollars, ${paid.length} paid`;
}
