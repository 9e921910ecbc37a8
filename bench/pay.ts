import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { contractSql } from "@/db/contract";
import { migrateDatabase } from "@/db/migrate";
import { freePort } from "@/lib/dev/ports";
import { startPostgres } from "@/lib/dev/postgres";
import { newId } from "@/lib/ids";
import { callsPerSecond, machine, median } from "./measure";

const LANES = 32;
const PAYERS = 1_024;
const ROUND_MS = 3_000;
const ROUNDS = 5;

/**
 * How much of plain SQL our data layer keeps: L is the pay function of data-model/MODEL.md in an equal loop; ours is
 * confirmPayment with everything that it does. Rounds alternate on one durable server, so that noise meets both.
 */
const folder = mkdtempSync(join(tmpdir(), "cocopay-bench-"));
chmodSync(folder, 0o755);
const server = await startPostgres({ databaseDir: join(folder, "data"), port: await freePort(), password: "bench" });
const admin = postgres(server.url("postgres"), { max: 1, onnotice: () => {} });
await admin`CREATE DATABASE baseline`;
await admin`CREATE DATABASE ours`;
await admin.end();
await migrateDatabase(server.url("ours"));

const baseline = postgres(server.url("baseline"), { max: LANES, onnotice: () => {} });
await baseline.unsafe(contractSql());
await baseline.unsafe(readFileSync(new URL("pay-baseline.sql", import.meta.url), "utf8"));

Object.assign(process.env, {
  APP_ENV: "test",
  APP_URL: "http://localhost:3000",
  DATABASE_URL: server.url("ours"),
  DATABASE_POOL_MAX: String(LANES),
  CHAIN_IDS: "84532,11155420",
  DEFAULT_CHAIN_ID: "84532",
  NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
});
const { closeDatabase, sql } = await import("@/db/client");
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

await sql`SELECT 1`;
await Promise.all([closeDatabase(), baseline.end()]);
await server.stop();
rmSync(folder, { recursive: true, force: true });
