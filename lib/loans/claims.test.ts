import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import { signPrepared, type OwnerSigner } from "@/lib/accounts/sign-prepared.client";
import { newId } from "@/lib/ids";
import { makeRate } from "@/lib/test/factories";
import { confirm, dollarsOf, makeOpenStore, makePayer, must, startChainWorld, type ChainWorld, type Payer } from "@/lib/test/chain-world";
import { claim, growStore, lookAgain, projectOf, tokensOf, transactionOf } from "@/lib/test/loan-world";
import { makeOwner, signAll } from "@/lib/test/own-keys";
import { preparedOperations } from "@/lib/operations/queries";
import { claimBonus, findClaims } from "./claim-bonus";
import { claimCalls } from "./claim-calls";
import { getClaim, pendingClaims } from "./claim-queries";
import { openLoansOf, potsOf } from "./queries";
import { quoteClaim } from "./quote-claim";
import { openClaim, signClaim } from "./quote";
import { percentText, type ClaimTerms } from "./rules";

process.env.CHAIN_IDS = "84532";
let world: ChainWorld;
let store: { storeId: string; shortCode: string };
beforeAll(async () => {
  world = await startChainWorld();
  store = await makeOpenStore(world);
  await makeRate();
});
afterAll(() => world.stop());

async function rewarded(paidUsdMicros = 100_000_000n, dollarsUsdMicros = paidUsdMicros, at = store): Promise<Payer> {
  const payer = await makePayer(world, dollarsUsdMicros);
  await confirm(payer, at, paidUsdMicros);
  await world.settle();
  return payer;
}
const potOf = async (person: Payer) => must((await potsOf(person))[0]);
const rowsOf = async (userId: string) => must((await sql<{ claims: number }[]>`SELECT count(*)::int AS claims FROM transactions WHERE from_user_id = ${userId} AND type = 'bonus_claim'`)[0]).claims;

test("a claim over several stores is one transaction for each, and one key makes them once", async () => {
  const person = await rewarded(100_000_000n, 200_000_000n);
  const other = await makeOpenStore(world);
  await confirm(person, other, 60_000_000n);
  await world.settle();
  const { quote, signed } = await quoteClaim(person, { way: "cash_out", from: "all", askedUsdMicros: null });
  expect(quote.items).toHaveLength(2);
  const key = newId();
  const answers = await Promise.all([claimBonus(person, { key, quote: signed }), claimBonus(person, { key, quote: signed })]);
  expect(answers[0]).toEqual(answers[1]);
  expect(await findClaims(person.userId, key)).toHaveLength(2);
  expect(await pendingClaims(person)).toHaveLength(2);
  await world.settle();
  expect(await potsOf(person)).toEqual([]);
  expect((await dollarsOf(person.userId)).available).toBe(40_000_000n + 8_000_000n);
  expect(await claimBonus(person, { key, quote: signed })).toEqual(answers[0]);
});

test("a quote of somebody else, a changed one and an ended one are refused, and nothing is written", async () => {
  const [person, stranger] = [await rewarded(), await rewarded()];
  const { quote, signed } = await quoteClaim(person, { way: "advance", from: (await potOf(person)).key, askedUsdMicros: null });
  await expect(claimBonus(stranger, { key: newId(), quote: signed })).rejects.toMatchObject({ code: "quote_invalid" });
  await expect(claimBonus(person, { key: newId(), quote: `${signed.slice(0, -3)}AAA` })).rejects.toMatchObject({ code: "quote_invalid" });
  const ended = signClaim({ ...quote, expiresAt: new Date(Date.now() - 1) });
  expect(openClaim(ended, person.userId).items).toHaveLength(1);
  await expect(claimBonus(person, { key: newId(), quote: ended })).rejects.toMatchObject({ code: "quote_expired" });
  expect([await rowsOf(person.userId), await rowsOf(stranger.userId)]).toEqual([0, 0]);
});

test("a loan and rewards of somebody else are not found", async () => {
  const [person, stranger] = [await rewarded(100_000_000n, 150_000_000n), await rewarded()];
  const pot = await potOf(person);
  await claim(world, person, { way: "advance", from: pot.key, askedUsdMicros: 2_000_000n });
  const [open] = await openLoansOf(person);
  const loanId = must(open).loan.id;
  for (const way of ["repayment", "headroom"] as const) await expect(quoteClaim(stranger, { way, from: loanId, askedUsdMicros: null })).rejects.toMatchObject({ code: "not_found" });
  await expect(getClaim(stranger, must((await sql<{ id: string }[]>`SELECT id FROM transactions WHERE from_user_id = ${person.userId} AND type = 'bonus_claim'`)[0]).id)).rejects.toMatchObject({ code: "not_found" });
  // A store that is not on a chain where this person has its rewards.
  await expect(quoteClaim(stranger, { way: "cash_out", from: `${store.storeId}.11155420`, askedUsdMicros: null })).rejects.toMatchObject({ code: "not_found" });
  // A row of the web process's making that names it is not signed either.
  const { signed, quote } = await quoteClaim(person, { way: "repayment", from: loanId, askedUsdMicros: null });
  await expect(claimBonus(stranger, { key: newId(), quote: signClaim({ ...quote, personId: stranger.userId }) })).rejects.toMatchObject({ code: "not_found" });
  expect(signed).toBeTruthy();
});

test("more than is owed is refused, and more than there is too", async () => {
  const person = await rewarded();
  const pot = await potOf(person);
  await expect(quoteClaim(person, { way: "cash_out", from: pot.key, askedUsdMicros: 5_000_001n })).rejects.toMatchObject({ code: "balance_insufficient", details: { availableUsdMicros: "5000000" } });
  await expect(quoteClaim(person, { way: "cash_out", from: pot.key, askedUsdMicros: 50_000n })).rejects.toMatchObject({ code: "amount_too_small" });
  await claim(world, person, { way: "advance", from: pot.key, askedUsdMicros: null });
  const loanId = must((await openLoansOf(person))[0]).loan.id;
  await expect(quoteClaim(person, { way: "repayment", from: loanId, askedUsdMicros: 5_000_001n })).rejects.toMatchObject({ code: "repay_too_much", details: { limitUsdMicros: "5000000" } });
  // The advance brought less than it owes.
  await expect(quoteClaim(person, { way: "repayment", from: loanId, askedUsdMicros: null })).rejects.toMatchObject({ code: "balance_insufficient" });
});

test("a store in its cash-out delay still advances, and says when cashing out opens", async () => {
  const person = await rewarded();
  const pot = await potOf(person);
  await sql`UPDATE revnet_states SET cash_out_delay_until = now() + INTERVAL '20 days' WHERE store_id = ${store.storeId}`;
  const delayed = await potOf(person);
  expect(delayed.cashOutUsdMicros).toBeNull();
  expect(must(delayed.cashOutOpensAt).getTime()).toBeGreaterThan(Date.now());
  await expect(quoteClaim(person, { way: "cash_out", from: pot.key, askedUsdMicros: null })).rejects.toMatchObject({ code: "bonus_delayed" });
  const { quote } = await quoteClaim(person, { way: "advance", from: pot.key, askedUsdMicros: null });
  expect(quote.items[0]).toMatchObject({ netUsdMicros: 4_700_000n });
  await sql`UPDATE revnet_states SET cash_out_delay_until = NULL WHERE store_id = ${store.storeId}`;
});

test("a store that lent almost everything can't advance more, and the page offers what it can", async () => {
  const fresh = await makeOpenStore(world);
  const person = await rewarded(100_000_000n, 100_000_000n, fresh);
  const pot = await potOf(person);
  // Others took nine tenths of it as advances, and a payout left two dollars.
  await sql`UPDATE revnet_states SET surplus_usd_micros = 2000000, borrowed_usd_micros = 98000000, collateral = div(supply * 9, 10), supply = supply - div(supply * 9, 10) WHERE store_id = ${fresh.storeId}`;
  const scarce = must((await potsOf(person)).find(({ key }) => key === pot.key));
  expect(scarce.advanceUnits).toBeLessThan(scarce.units);
  expect(scarce.advanceUsdMicros).toBeLessThanOrEqual(2_000_000n);
  await expect(quoteClaim(person, { way: "advance", from: pot.key, askedUsdMicros: 3_000_000n })).rejects.toMatchObject({ code: "advance_not_funded" });
  await sql`UPDATE revnet_states SET surplus_usd_micros = 0, borrowed_usd_micros = 100000000, collateral = 10, supply = supply WHERE store_id = ${fresh.storeId}`;
  await expect(quoteClaim(person, { way: "cash_out", from: pot.key, askedUsdMicros: null })).rejects.toMatchObject({ code: "not_found" });
});

test("a treasury that is drained between quote and confirm, and between confirm and signing, takes nothing", async () => {
  const fresh = await makeOpenStore(world);
  const person = await rewarded(100_000_000n, 100_000_000n, fresh);
  const pot = await potOf(person);
  const { signed } = await quoteClaim(person, { way: "cash_out", from: pot.key, askedUsdMicros: null });
  await sql`UPDATE revnet_states SET surplus_usd_micros = surplus_usd_micros * 9 / 10 WHERE store_id = ${fresh.storeId}`;
  await expect(claimBonus(person, { key: newId(), quote: signed })).rejects.toMatchObject({ code: "quote_moved" });

  // What the row promises is more than the chain gives: it is never signed, and the rewards are free again.
  await sql`UPDATE revnet_states SET surplus_usd_micros = 150000000 WHERE store_id = ${fresh.storeId}`;
  const dear = await quoteClaim(person, { way: "cash_out", from: pot.key, askedUsdMicros: null });
  const { transactionIds } = await claimBonus(person, { key: newId(), quote: dear.signed });
  await world.settle();
  expect(await transactionOf(must(transactionIds[0]))).toMatchObject({ status: "failed", error_code: "quote_moved", reserved: "0" });
  await lookAgain(world);
  expect((await potOf(person)).units).toBe(pot.units);
});

test("a person whose own key signs sees the same calls, signs them, and gives the advance back", async () => {
  const { payer, main } = await makeOwner([world], 150_000_000n);
  const paid = await confirm(payer, store, 100_000_000n);
  await world.sign();
  await signAll(payer, paid, main);
  await world.settle();
  const pot = await potOf(payer);
  const { quote, signed } = await quoteClaim(payer, { way: "advance", from: pot.key, askedUsdMicros: null });
  const { transactionIds } = await claimBonus(payer, { key: newId(), quote: signed });
  const id = must(transactionIds[0]);
  await world.sign();
  expect((await preparedOperations(payer, { subjectId: id }))[0]?.status).toBe("prepared");
  const view = await getClaim(payer, id);
  expect(view).toMatchObject({ status: "pending", signsItself: payer.address });
  // What the browser makes its calls of is what the review showed, and it signs nothing else.
  expect(view.terms).toEqual(quote.items[0]);
  const prepared = { operationId: id, chainId: world.chainId, op: must(must((await preparedOperations(payer, { subjectId: id }))[0]).op) };
  const signer: OwnerSigner = { address: main.address, sign: async () => "0x01" };
  const calls = (terms: ClaimTerms) => ({ account: payer.address, calls: claimCalls(terms, payer.address) });
  expect(await signPrepared(prepared, calls(view.terms), signer)).toMatchObject({ signature: "0x01" });
  for (const changed of [{ boundUsdMicros: view.terms.boundUsdMicros - 1n }, { units: view.terms.units - 1n }, { projectId: 1 }, { way: "cash_out" as const }]) {
    await expect(signPrepared(prepared, calls({ ...view.terms, ...changed }), signer)).rejects.toThrow("not what the screen shows");
  }
  await signAll(payer, id, main);
  await world.settle();
  expect(await transactionOf(id)).toMatchObject({ status: "confirmed", amount: "4700000" });
  await lookAgain(world);
  const loanId = must((await openLoansOf(payer))[0]).loan.id;
  const back = await quoteClaim(payer, { way: "repayment", from: loanId, askedUsdMicros: null });
  const repaid = await claimBonus(payer, { key: newId(), quote: back.signed });
  await world.sign();
  await signAll(payer, must(repaid.transactionIds[0]), main);
  await world.settle();
  expect(await openLoansOf(payer)).toEqual([]);
  const { token } = await projectOf(store.storeId);
  expect(await tokensOf(world, token, payer.address)).toBeGreaterThanOrEqual(pot.units);
});

test("two claims on the same headroom: one comes, the other takes nothing", async () => {
  const fresh = await makeOpenStore(world);
  const person = await rewarded(100_000_000n, 100_000_000n, fresh);
  await claim(world, person, { way: "advance", from: (await potOf(person)).key, askedUsdMicros: null });
  await growStore(world, fresh.storeId, 50_000_000n);
  await lookAgain(world);
  const loanId = must((await openLoansOf(person))[0]).loan.id;
  const quotes = await Promise.all([1, 2].map(() => quoteClaim(person, { way: "headroom", from: loanId, askedUsdMicros: null })));
  const ids = [];
  for (const { signed } of quotes) ids.push(...(await claimBonus(person, { key: newId(), quote: signed })).transactionIds);
  await world.settle();
  expect((await Promise.all(ids.map(transactionOf))).map(({ status }) => status).toSorted()).toEqual(["confirmed", "failed"]);
  expect(await openLoansOf(person)).toHaveLength(2);
});

test("250 basis points are said as 2.5 %, in every language", () => {
  expect([percentText(250, "pt-BR"), percentText(250, "en"), percentText(250, "es"), percentText(100, "pt-BR")]).toEqual(["2,5\u00a0%", "2.5\u00a0%", "2,5\u00a0%", "1\u00a0%"]);
});
