import { randomBytes } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { beforeEach, expect, test } from "vitest";
import { closeDatabase, sql } from "@/db/client";
import * as schema from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { LIMITS } from "@/lib/rate-limit/rules";
import type { Visitor } from "./actor";
import { CODE_DIGITS, CODE_TRIES } from "./rules";
import { sendSignInCode } from "./send-sign-in-code";
import { verifySignInCode } from "./verify-sign-in-code";

const GUESSES = 10_000;
const AT_ONCE = 20;

/** Another device at another address, as a botnet has them. */
const stranger = (): Visitor => ({ ip: `10.${[...randomBytes(3)].join(".")}`, userAgent: null, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });
const randomGuess = () => String(randomBytes(4).readUInt32BE() % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, "0");
const failure = (promise: Promise<unknown>) => promise.then(() => "signed in", (error: unknown) => (error instanceof DomainError ? error.code : Promise.reject(error as Error)));
const codesTo = async (phone: string) => (await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone} ORDER BY created_at, id`).map(({ body }) => body.slice(-6));
/** How many guesses were compared with a code at all. */
const evaluated = async (phoneLike: string) => (await sql<{ tries: number; codes: number }[]>`SELECT coalesce(sum(attempts), 0)::int AS tries, count(*)::int AS codes FROM sign_in_codes WHERE phone LIKE ${phoneLike}`)[0]!;

let phones = 0;
let phone = "";
beforeEach(() => {
  phone = `+55489${String(30_000_000 + (phones += 1))}`;
});

async function attack(guesses: number, guess: (index: number) => Promise<unknown>): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (let index = 0; index < guesses; index += AT_ONCE) {
    for (const answer of await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => failure(guess(index + offset))))) answers[answer] = (answers[answer] ?? 0) + 1;
  }
  return answers;
}

test("a stranger's code ends no other, and the owner's works only where it was asked for", async () => {
  const [owner, thief] = [stranger(), stranger()];
  await sendSignInCode(owner, { phone });
  await sendSignInCode(thief, { phone });
  const [ofOwner, ofThief] = await codesTo(phone);
  // Seen on the way: the owner's code on the thief's device, and the other way round.
  if (ofOwner !== ofThief) expect(await failure(verifySignInCode(thief, { phone, code: ofOwner! }))).toBe("code_wrong");
  expect(await failure(verifySignInCode(stranger(), { phone, code: ofOwner! }))).toBe("code_other_device");
  expect(await failure(verifySignInCode(owner, { phone, code: ofOwner! }))).toBe("signed in");
});

test("a stranger's wrong tries burn none of the owner's", async () => {
  const [owner, thief] = [stranger(), stranger()];
  await sendSignInCode(owner, { phone });
  await sendSignInCode(thief, { phone });
  const [code = ""] = await codesTo(phone);
  for (let i = 0; i < 100; i += 1) await failure(verifySignInCode(i % 2 ? thief : stranger(), { phone, code: "000000" }));
  expect(await sql`SELECT attempts FROM sign_in_codes WHERE phone = ${phone} ORDER BY created_at`).toEqual([{ attempts: 0 }, { attempts: CODE_TRIES }]);
  expect(await failure(verifySignInCode(owner, { phone, code }))).toBe("signed in");
});

test("strangers who ask for a phone's codes until it has had enough do not lock out a device that the person has used", async () => {
  const owner = stranger();
  await sendSignInCode(owner, { phone });
  await verifySignInCode(owner, { phone, code: (await codesTo(phone))[0]! });
  const answers = await attack(40, () => sendSignInCode(stranger(), { phone }));
  expect(answers).toEqual({ "signed in": LIMITS.code_send_phone.times, too_many_requests: 40 - LIMITS.code_send_phone.times });
  await sendSignInCode(owner, { phone });
  expect(await failure(verifySignInCode(owner, { phone, code: (await codesTo(phone)).at(-1)! }))).toBe("signed in");
});

test(`${GUESSES} guesses on one phone in a day, by as many devices and addresses as one likes: at most 50 are compared`, async () => {
  const devices: Visitor[] = [];
  const answers = await attack(GUESSES, async (index) => {
    // Every few hundred guesses ten minutes pass, and more devices ask for codes.
    if (index % 400 === 0) {
      await sql`DELETE FROM rate_limits WHERE key LIKE 'code_send_phone:%'`;
      for (let i = 0; i < 4; i += 1) {
        const device = stranger();
        await sendSignInCode(device, { phone }).then(() => devices.unshift(device), () => undefined);
      }
    }
    const device = devices[index % Math.max(1, Math.min(devices.length, 12))] ?? stranger();
    return verifySignInCode({ ...device, ip: stranger().ip }, { phone, code: randomGuess() });
  });
  const { tries, codes } = await evaluated(phone);
  expect(codes).toBe(LIMITS.code_send_day_phone.times);
  expect(tries).toBeLessThanOrEqual(LIMITS.code_send_day_phone.times * CODE_TRIES);
  expect(tries).toBeGreaterThanOrEqual(CODE_TRIES);
  // 50 of a million: one success is expected in twenty thousand days of this.
  expect(tries / 10 ** CODE_DIGITS).toBeLessThanOrEqual(0.00005);
  expect(answers["signed in"] ?? 0).toBe(0);
  expect(Object.values(answers).reduce((sum, count) => sum + count, 0)).toBe(GUESSES);
}, 120_000);

test("guesses across phones stop by the device's limit, and by the address's where the device changes", async () => {
  const across = (prefix: string, next: () => Visitor) =>
    attack(600, async (index) => {
      const visitor = next();
      const to = `${prefix}${String(1_000 + (index >> 2))}`;
      await sendSignInCode(visitor, { phone: to }).catch(() => undefined);
      return verifySignInCode(visitor, { phone: to, code: randomGuess() });
    });
  const device = stranger();
  await across("+554892001", () => ({ ...device, ip: stranger().ip }));
  expect((await evaluated("+554892001%")).tries).toBeLessThanOrEqual(LIMITS.code_try_device.times);
  const address = stranger();
  await across("+554892002", () => ({ ...stranger(), ip: address.ip }));
  const byAddress = await evaluated("+554892002%");
  expect(byAddress.codes).toBeLessThanOrEqual(LIMITS.code_send_address.times);
  expect(byAddress.tries).toBeLessThanOrEqual(LIMITS.code_try_address.times);
}, 60_000);

test("known and unknown phones cost the same statements, and the same time within noise", async () => {
  const statements: string[] = [];
  const holder = globalThis as { cocopayDatabase?: unknown };
  await closeDatabase();
  const debug = (_: number, text: string) => void statements.push(text.replaceAll(/\s+/g, " "));
  const client = postgres(process.env["DATABASE_URL"]!, { max: 1, debug });
  holder.cocopayDatabase = { sql: postgres(process.env["DATABASE_URL"]!, { max: 1, debug }), client, db: drizzle(client, { schema }) };

  const owner = stranger();
  await sendSignInCode(owner, { phone });
  await verifySignInCode(owner, { phone, code: (await codesTo(phone))[0]! });
  const PAIRS = 120;
  const numbers = { known: [] as string[], unknown: [] as string[] };
  for (let i = 0; i < PAIRS; i += 1) {
    numbers.known.push(`+554893001${String(1_000 + i)}`);
    numbers.unknown.push(`+554893002${String(1_000 + i)}`);
  }
  await sql`INSERT INTO users (id, phone, name) SELECT gen_random_uuid(), unnest(${numbers.known}::text[]), 'Ana'`;

  async function walk(to: string) {
    const visitor = stranger();
    statements.length = 0;
    const start = performance.now();
    await sendSignInCode(visitor, { phone: to });
    const sent = performance.now();
    const answer = await failure(verifySignInCode(visitor, { phone: to, code: "x" }));
    return { sendMs: sent - start, tryMs: performance.now() - sent, answer, statements: statements.join("\n") };
  }
  const seen = { known: [] as Awaited<ReturnType<typeof walk>>[], unknown: [] as Awaited<ReturnType<typeof walk>>[] };
  for (let i = 0; i < PAIRS; i += 1) {
    for (const kind of i % 2 ? (["known", "unknown"] as const) : (["unknown", "known"] as const)) seen[kind].push(await walk(numbers[kind][i]!));
  }
  expect(new Set([...seen.known, ...seen.unknown].slice(2).map((one) => one.statements)).size).toBe(1);
  expect(new Set([...seen.known, ...seen.unknown].map(({ answer }) => answer))).toEqual(new Set(["code_wrong"]));
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  for (const part of ["sendMs", "tryMs"] as const) {
    const [known, unknown] = [median(seen.known.map((one) => one[part])), median(seen.unknown.map((one) => one[part]))];
    // A look-up that only one of them needs would be a round trip more, of eight to twelve; a busy machine moves both alike.
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(1.5, 0.25 * Math.max(known, unknown)));
  }
}, 60_000);
