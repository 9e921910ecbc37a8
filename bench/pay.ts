import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import postgres from "postgres";
import { contractSql } from "@/db/contract";
import { newId } from "@/lib/ids";
import { startBenchDatabase } from "./database";
import { callsPerSecond, machine, median } from "./measure";

const LANES = 32;
const PAYERS = 1_024;
const ROUND_MS = 3_000;
const ROUNDS = 5;

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

const RICH = 1_000_000_000_000n;
await makeRate();
const store = await makeStore();
const payers = await Promise.all(
  Array.from({ length: PAYERS }, async () => {
    const { actor } = await makePerson({ dollarsUsdMicros: RICH });
    const { signed } = await quotePayment(actor, { shortCode: store.shortCode, currency: "USD", amountText: "0,01" });
    return { actor, quote: signed };
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
  return confirmPayment(payer.actor, { key: randomUUID(), quote: payer.quote }, new Date(0));
};

const samples: { plain: number[]; ours: number[] } = { plain: [], ours: [] };
await callsPerSecond(plain, { lanes: LANES, forMs: 1_000 });
await callsPerSecond(ours, { lanes: LANES, forMs: 1_000 });
for (let round = 0; round < ROUNDS; round++) {
  samples.plain.push(await callsPerSecond(plain, { lanes: LANES, forMs: ROUND_MS }));
  samples.ours.push(await callsPerSecond(ours, { lanes: LANES, forMs: ROUND_MS }));
}
const ratios = samples.ours.map((value, round) => value / samples.plain[round]!);

console.log(`bench:pay on ${machine()}; ${LANES} in flight, ${PAYERS} payers, ${ROUNDS} alternating rounds of ${ROUND_MS / 1_000} s, fsync on`);
console.log(`  L, plain SQL loop      ${median(samples.plain).toFixed(0)} payments/s`);
console.log(`  our data layer         ${median(samples.ours).toFixed(0)} payments/s   ${(100 * median(ratios)).toFixed(0)} % of L (target 80 %)`);

await Promise.all([closeDatabase(), baseline.end()]);
await database.stop();
