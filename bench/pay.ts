import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import postgres from "postgres";
import { contractSql } from "@/db/contract";
import { newId } from "@/lib/ids";
import { startBenchDatabase } from "./database";
import { confirm, loadForm, newKey, type Review } from "../e2e/faults/pages";
import { callsPerSecond, machine, median } from "./measure";

const LANES = 32;
const PAYERS = 1_024;
const ROUND_MS = 3_000;
const ROUNDS = 5;
/** Prices of the benchmark hold until its end. */
const QUOTE_LIFE_MS = 3_600_000;

/**
 * How much of plain SQL our data layer keeps: L is the pay function of data-model/MODEL.md in an equal loop; ours is
 * confirmPayment with everything that it does. Rounds alternate on one durable server, so that noise meets both.
 */
const database = await startBenchDatabase({ pool: LANES });
const baseline = postgres(await database.create("baseline"), { max: LANES, onnotice: () => {} });
await baseline.unsafe(contractSql());
await baseline.unsafe(readFileSync(new URL("pay-baseline.sql", import.meta.url), "utf8"));

const { closeDatabase } = await import("@/db/client");
const { makePerson, makeRate, makeStore } = await import("@/lib/test/factories");
const { confirmPayment } = await import("@/lib/payments/confirm-payment");
const { quotePayment } = await import("@/lib/payments/quote-payment");
const { signQuote } = await import("@/lib/payments/quote");
const { paths } = await import("@/lib/paths");
const { sessionCookie, startBenchWeb } = await import("./web");

const RICH = 1_000_000_000_000n;
await makeRate();
const store = await makeStore();
const payers = await Promise.all(
  Array.from({ length: PAYERS }, async () => {
    const { actor } = await makePerson({ dollarsUsdMicros: RICH });
    const { quote } = await quotePayment(actor, { shortCode: store.shortCode, currency: "USD", amountText: "0,01" });
    return { actor, quote: signQuote({ ...quote, expiresAt: new Date(Date.now() + QUOTE_LIFE_MS) }) };
  }),
);

const [plainStore] = await baseline`INSERT INTO stores (name, symbol) VALUES ('Café', 'CAFE') RETURNING id`;
const plainPayers = await Promise.all(
  payers.map(async (_, index) => {
    const [user] = await baseline`INSERT INTO users (phone) VALUES (${`+55489${index}`}) RETURNING id`;
    const [balance] = await baseline`INSERT INTO token_balances (user_id, chain_id, token_address, balance) VALUES (${user!.id}, '84532', '0xusdc', ${RICH.toString()}) RETURNING id`;
    return { id: user!.id as string, balanceId: balance!.id as string };
  }),
);
const print = randomBytes(32);
const sender = `0x${randomBytes(20).toString("hex")}`;

// Each payer is paid for from one lane only: contention for one balance is another benchmark's question.
const payerOf = <T>(all: T[], lane: number, turn: number): T => all[(turn * LANES + lane) % all.length]!;
const plain = (lane: number, turn: number) => {
  const payer = payerOf(plainPayers, lane, turn);
  return baseline`SELECT * FROM pay_baseline(${newId()}, ${payer.id}, ${plainStore!.id as string}, '84532', ${sender}, 0.01, ${[payer.balanceId]}::uuid[], ${[10_000]}::numeric[], ${randomUUID()}, ${print})`;
};
const ours = (lane: number, turn: number) => {
  const payer = payerOf(payers, lane, turn);
  return confirmPayment(payer.actor, { key: randomUUID(), quote: payer.quote });
};


// The real form of the real review page, once: its action and fields are the same for everybody but key and quote.
const web = await startBenchWeb();
const [first] = payers;
const key = newKey();
const cookies = await Promise.all(payers.map(({ actor }) => sessionCookie(actor.userId)));
const form = await loadForm(`${web.origin}${paths.review(store.shortCode, key, first!.quote)}`, { cookie: cookies[0]! }, 'name="q"');
const action = async (lane: number, turn: number) => {
  const index = (turn * LANES + lane) % PAYERS;
  const review: Review = { form, key: newKey(), quote: payers[index]!.quote };
  const answer = await confirm(review, { cookie: cookies[index]! });
  if ("refusal" in answer) throw new Error(`Refused (${answer.status}): ${answer.refusal}`);
};

const samples: { plain: number[]; ours: number[]; action: number[] } = { plain: [], ours: [], action: [] };
await callsPerSecond(plain, { lanes: LANES, forMs: 1_000 });
await callsPerSecond(ours, { lanes: LANES, forMs: 1_000 });
await callsPerSecond(action, { lanes: LANES, forMs: 3_000 });
for (let round = 0; round < ROUNDS; round++) {
  samples.plain.push(await callsPerSecond(plain, { lanes: LANES, forMs: ROUND_MS }));
  samples.ours.push(await callsPerSecond(ours, { lanes: LANES, forMs: ROUND_MS }));
  samples.action.push(await callsPerSecond(action, { lanes: LANES, forMs: ROUND_MS }));
}
const ratioOf = (values: number[]) => `${(100 * median(values.map((value, round) => value / samples.plain[round]!))).toFixed(0)} % of L`;

console.log(`bench:pay on ${machine()}; ${LANES} in flight, ${PAYERS} payers, ${ROUNDS} alternating rounds of ${ROUND_MS / 1_000} s, fsync on`);
console.log(`  L, plain SQL loop      ${median(samples.plain).toFixed(0)} payments/s`);
console.log(`  our data layer         ${median(samples.ours).toFixed(0)} payments/s   ${ratioOf(samples.ours)} (target 80 %)`);
console.log(`  the server action      ${median(samples.action).toFixed(0)} payments/s   ${ratioOf(samples.action)} (target 30 %), one production process, client on the same cores`);

await web.stop();
await Promise.all([closeDatabase(), baseline.end()]);
await database.stop();
