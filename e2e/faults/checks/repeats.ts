import assert from "node:assert/strict";
import { chromium } from "@playwright/test";
import { existsSync } from "node:fs";
import postgres from "postgres";
import type { Check, World } from "../check";
import { atOrigin, confirm, newKey, reviewPayment } from "../pages";
import { assertPaidOnce, rowsOf, untilSettled } from "../payments";
import { availableOf, newPerson, settledOf, type Person } from "../people";
import { memoOf } from "../reader";
import { CHAIN } from "../stack";

const REQUESTS = 1_000;
/** Requests on the wire at once, over both web processes. */
const IN_FLIGHT = 64;
const FUNDED = 100;
const SAMPLE_MS = 5;

/** Runs numbered work, so many at a time. */
async function inFlight<T>(count: number, limit: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: limit }, async () => {
    for (let index = next++; index < count; index = next++) results[index] = await run(index);
  }));
  return results;
}

const idsOf = ({ db }: Pick<World, "db">, userId: string) => db<{ id: string }[]>`SELECT id FROM transactions WHERE from_user_id = ${userId} ORDER BY id`.then((rows) => rows.map(({ id }) => id));

async function oneKey(world: World): Promise<string> {
  const { web, store } = world;
  const payer = await newPerson(world, 50_000_000n);
  const review = await reviewPayment(web[0], payer, store.shortCode, "10,00", "BRL");
  const more = await reviewPayment(web[0], payer, store.shortCode, "10,01", "BRL");
  const twin = atOrigin(review, web[1]);
  const began = performance.now();
  const answers = await inFlight(REQUESTS, IN_FLIGHT, (index) => confirm(index % 2 === 0 ? review : twin, payer));
  const seconds = (performance.now() - began) / 1000;
  const distinct = new Set(answers.map((answer) => ("transactionId" in answer ? answer.transactionId : `${answer.status} ${answer.refusal}`)));
  assert.equal(distinct.size, 1, `one answer, not ${[...distinct].slice(0, 5).join(" | ")}`);
  const ids = await idsOf(world, payer.userId);
  assert.deepEqual(ids, [...distinct], "one row, and every answer names it");
  for (const other of [more, atOrigin(more, web[1])]) {
    const answer = await confirm(other, payer, review.key);
    assert("refusal" in answer && /outro valor/.test(answer.refusal), `one centavo more is refused, not answered ${JSON.stringify(answer)}`);
  }
  await untilSettled(world, ids);
  await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
  assert.deepEqual(await idsOf(world, payer.userId), ids, "still one row");
  return `${REQUESTS} requests, ${IN_FLIGHT} at once, over two processes in ${seconds.toFixed(1)} s: one row, one answer, one Pay event; one centavo more refused on both`;
}

/** Samples a person's available dollars on a connection of its own until stopped; keeps what breaks the rules. */
function watchAvailable(databaseUrl: string, userId: string) {
  const db = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const seen = { samples: 0, least: null as bigint | null, rises: [] as string[] };
  let before: bigint | null = null;
  let last: Promise<void> = Promise.resolve();
  const judge = (available: bigint) => {
    seen.samples += 1;
    if (seen.least === null || available < seen.least) seen.least = available;
    if (before !== null && available > before) seen.rises.push(`${before} -> ${available}`);
    before = available;
  };
  // Questions of one connection are answered in order, so the clock need not wait for answers.
  const timer = setInterval(() => {
    last = availableOf({ db }, userId).then(judge);
  }, SAMPLE_MS);
  return async () => {
    clearInterval(timer);
    await last;
    await db.end();
    return seen;
  };
}

async function manyPayments(world: World): Promise<string> {
  const { web, store, db, databaseUrl, reader } = world;
  const payer = await newPerson(world, BigInt(FUNDED) * 1_000_000n);
  const review = await reviewPayment(web[0], payer, store.shortCode, "1,00", "USD");
  const twin = atOrigin(review, web[1]);
  const stopWatching = watchAvailable(databaseUrl, payer.userId);
  const began = performance.now();
  // The price is the same for all of them; each has a key, and so is a payment, of its own.
  const answers = await inFlight(REQUESTS, IN_FLIGHT, (index) => confirm(index % 2 === 0 ? review : twin, payer, newKey()));
  const seconds = (performance.now() - began) / 1000;
  const taken = answers.flatMap((answer) => ("transactionId" in answer ? [answer.transactionId] : []));
  const refusals = new Map<string, number>();
  for (const answer of answers) if ("refusal" in answer) refusals.set(answer.refusal, (refusals.get(answer.refusal) ?? 0) + 1);
  const ms = await untilSettled(world, taken, 120_000);
  const seen = await stopWatching();

  assert.equal(taken.length, FUNDED, `taken; refusals: ${JSON.stringify([...refusals])}`);
  assert.equal(new Set(taken).size, FUNDED);
  assert([...refusals.keys()].every((said) => /saldo/i.test(said)), `refused for the balance: ${JSON.stringify([...refusals])}`);
  await assertPaidOnce(world, new Map(taken.map((id) => [id, payer])));
  const ours = (await reader.pays()).filter(({ payer: from }) => from === payer.account);
  assert.equal(ours.length, FUNDED, "Pay events of this account");
  assert.deepEqual(new Set(ours.map(({ memo }) => memo)), new Set(taken.map(memoOf)));
  assert.equal(await settledOf(world, payer.userId), 0n);
  assert.equal((await idsOf(world, payer.userId)).length, FUNDED);
  assert(seen.least !== null && seen.least >= 0n, `least available ${seen.least}`);
  const [reverted] = await db<{ count: number }[]>`SELECT count(*)::int AS count FROM transactions WHERE from_user_id = ${payer.userId} AND status = 'failed'`;
  assert(seen.rises.length <= (reverted?.count ?? 0), `available rose: ${seen.rises.join(", ")}`);
  return `${REQUESTS} requests in ${seconds.toFixed(1)} s: ${taken.length} taken, ${REQUESTS - taken.length} refused for the balance, ${ours.length} Pay events, all settled ${(ms / 1000).toFixed(1)} s later; ${seen.samples} samples of available, least ${seen.least}, rises ${seen.rises.length}`;
}

const chromiumPath = process.env.CHROMIUM_PATH ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** A browser page of a signed-in person, at the review of R$ 10. */
async function inBrowser(world: World): Promise<string> {
  const { web, store } = world;
  const browser = await chromium.launch({ ...(chromiumPath ? { executablePath: chromiumPath } : {}), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  const openTabs = async (payer: Person, tabs: number) => {
    const context = await browser.newContext({ locale: "pt-BR", viewport: { width: 390, height: 844 } });
    await context.addCookies([{ name: "session", value: payer.cookie.replace("session=", ""), url: web[0] }]);
    const { form } = await reviewPayment(web[0], payer, store.shortCode, "10,00", "BRL");
    return Promise.all(Array.from({ length: tabs }, async () => {
      const page = await context.newPage();
      await page.goto(form.url);
      return page;
    }));
  };
  const paid = new Map<string, Person>();
  const settle = async (payer: Person) => {
    const ids = await idsOf(world, payer.userId);
    assert.equal(ids.length, 1, "one row");
    await untilSettled(world, ids);
    for (const id of ids) paid.set(id, payer);
  };
  try {
    const [tapper, doubler, reloader] = [await newPerson(world, 20_000_000n), await newPerson(world, 20_000_000n), await newPerson(world, 20_000_000n)];
    const [page] = await openTabs(tapper, 1);
    await page?.getByRole("button", { name: /^Pagar/ }).dblclick();
    await page?.getByRole("heading", { name: "Pago", exact: true }).waitFor();
    await settle(tapper);

    const tabs = await openTabs(doubler, 2);
    await Promise.all(tabs.map((tab) => tab.getByRole("button", { name: /^Pagar/ }).click()));
    await Promise.all(tabs.map((tab) => tab.getByRole("heading", { name: "Pago", exact: true }).waitFor()));
    assert.equal(new Set(tabs.map((tab) => tab.url())).size, 1, "both tabs end at the same payment");
    await settle(doubler);

    // The chain holds still, so that the page is really checking while it is loaded again.
    await world.chains[CHAIN].setIntervalMining({ interval: 0 });
    const [checking] = await openTabs(reloader, 1);
    await checking?.getByRole("button", { name: /^Pagar/ }).click();
    for (let turn = 0; turn < 3; turn += 1) {
      await checking?.getByText("Não pague de novo").first().waitFor();
      await checking?.reload();
    }
    await world.chains[CHAIN].setIntervalMining({ interval: 1 });
    await checking?.getByRole("heading", { name: "Pago", exact: true }).waitFor();
    await settle(reloader);
  } finally {
    await world.chains[CHAIN].setIntervalMining({ interval: 1 });
    await browser.close();
  }
  await assertPaidOnce(world, paid);
  return `double tap, two tabs, three reloads while checking: ${paid.size} payments, ${(await rowsOf(world, [...paid.keys()])).length} rows, one Pay event each`;
}

export const repeatChecks: Check[] = [
  { name: "repeats: double tap, two tabs, reload while checking", run: inBrowser },
  { name: "repeats: a thousand requests with one key over two web processes", run: oneKey },
  { name: "repeats: a thousand payments on funds for a hundred", run: manyPayments },
];
