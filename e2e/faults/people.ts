import { createHash, randomInt } from "node:crypto";
import { encode } from "next-auth/jwt";
import { v7 } from "uuid";
import type { Address } from "viem";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { CHAIN, type Stack } from "./stack";
import { until } from "./until";

const SESSION_SECONDS = 7_200;

export type Person = { userId: string; account: Address; cookie: string };

/** A person with accounts that the worker made, signed in, with dollars that the follower settled. Old enough for the full day limit. */
export async function newPerson(stack: Stack, dollarsUsdMicros = 0n): Promise<Person> {
  const { db } = stack;
  const userId = v7();
  await db`
    INSERT INTO users (id, phone, phone_verified_at, name, preferred_chain_id, locale, created_at)
    VALUES (${userId}, ${`+55489${randomInt(80_000_000, 98_999_999)}`}, now(), 'Clara Nunes', ${CHAIN}, 'pt-BR', now() - INTERVAL '30 days')`;
  await db`SELECT enqueue_job('accounts.provision', ${JSON.stringify({ userId })}::text::json, ${`accounts.provision:${userId}`}, now())`;
  const find = () => db<{ address: Address }[]>`
    SELECT a.address FROM smart_accounts a JOIN token_balances b ON b.user_id = a.user_id AND b.chain_id = a.chain_id WHERE a.user_id = ${userId} AND a.chain_id = ${CHAIN}`;
  await until("the worker made the accounts", async () => (await find()).length > 0);
  const [row] = await find();
  if (!row) throw new Error("The account is gone again");
  const person = { userId, account: row.address, cookie: await signIn(stack, userId) };
  if (dollarsUsdMicros > 0n) await giveDollars(stack, person, dollarsUsdMicros);
  return person;
}

/** A session of a person as the cookie's text. */
export async function signIn({ db, nextauthSecret }: Stack, userId: string): Promise<string> {
  const sessionId = v7();
  const token = await encode({ token: { sub: userId, sid: sessionId }, secret: nextauthSecret, maxAge: SESSION_SECONDS });
  const hash = createHash("sha256").update(token).digest("hex");
  await db`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${userId}, ${hash}, 'phone', now() + make_interval(secs => ${SESSION_SECONDS}))`;
  return `session=${token}`;
}

/** Settled dollars of a person on the default chain, micro-dollars. */
export async function settledOf({ db }: Stack, userId: string): Promise<bigint> {
  const [row] = await db<{ balance: string }[]>`SELECT balance::text FROM token_balances WHERE user_id = ${userId} AND chain_id = ${CHAIN} AND store_id IS NULL`;
  return BigInt(row?.balance ?? 0);
}

/** Settled minus reserved, micro-dollars, in one statement and so of one moment. */
export async function availableOf({ db }: Pick<Stack, "db">, userId: string): Promise<bigint> {
  const [row] = await db<{ available: string }[]>`
    SELECT (b.balance - COALESCE((SELECT sum(r.amount) FROM balance_reservations r WHERE r.token_balance_id = b.id AND r.released_at IS NULL), 0))::text AS available
    FROM token_balances b WHERE b.user_id = ${userId} AND b.chain_id = ${CHAIN} AND b.store_id IS NULL`;
  return BigInt(row?.available ?? 0);
}

/** Test dollars from the faucet; answers how long the balance took to follow after they were mined, in milliseconds. */
export async function giveDollars(stack: Stack, { userId, account }: Pick<Person, "userId" | "account">, amountUsdMicros: bigint): Promise<number> {
  const before = await settledOf(stack, userId);
  await usdcFaucet({ client: stack.chains[CHAIN], chainId: CHAIN, to: account, amountUsdMicros });
  return until("the balance follows the faucet", async () => (await settledOf(stack, userId)) === before + amountUsdMicros);
}
