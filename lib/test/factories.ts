import { randomBytes } from "node:crypto";
import { db, sql } from "@/db/client";
import { sessions, smartAccounts, storeAccounts, storeCodes, storeDeployments, storeMembers, stores, tokenBalances, users } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import type { AuthMethod } from "@/lib/auth/rules";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { newId } from "@/lib/ids";
import { refreshRate } from "@/lib/rates/refresh-rate";
import { shortCodeFromBytes } from "@/lib/stores/rules";
import type { Role } from "@/lib/team/rules";

const randomAddress = () => `0x${randomBytes(20).toString("hex")}`;
/** Each once: drawn at random, two of some thousands would be the same. */
let phones = randomBytes(4).readUInt32BE() % 50_000_000;
const randomPhone = () => `+55489${String((phones += 1)).padStart(8, "0")}`;
const HOUR_MS = 3_600_000;
let projectId = 1_000;

const actorOf = (user: { id: string; name: string | null; phone: string }, sessionId: string): Actor => ({
  userId: user.id,
  sessionId,
  name: user.name,
  phone: user.phone,
  locale: "pt-BR",
  ip: "127.0.0.1",
  userAgent: "test",
});

/** A session of a person that lives; payments are refused without one. */
export async function makeLiveSession(userId: string): Promise<string> {
  const id = newId();
  await db.insert(sessions).values({ id, userId, tokenHash: randomBytes(32).toString("hex"), authMethod: "phone", expiresAt: new Date(Date.now() + HOUR_MS) });
  return id;
}

/** A person whose account on each chain is known to the database and settled at the given dollars on the first. */
export async function makePerson({ dollarsUsdMicros = 0n, name = "Marina", isSignedIn = true }: { dollarsUsdMicros?: bigint; name?: string; isSignedIn?: boolean } = {}) {
  const [user] = await db.insert(users).values({ id: newId(), phone: randomPhone(), phoneVerifiedAt: new Date(), name, preferredChainId: "84532" }).returning();
  const address = randomAddress();
  for (const chainId of ["84532", "11155420"] as const) {
    await db.insert(smartAccounts).values({ id: newId(), userId: user!.id, chainId, address, salt: `0x${randomBytes(32).toString("hex")}`, ownerAddress: address, initialOwnerAddress: address });
    await db.insert(tokenBalances).values({ id: newId(), userId: user!.id, chainId, tokenAddress: USDC[chainId], balance: chainId === "84532" ? dollarsUsdMicros : 0n });
  }
  return { actor: actorOf(user!, isSignedIn ? await makeLiveSession(user!.id) : newId()), address };
}

/** The same person in a session of an own device: what step-up, notices and limits look at. */
export async function makeSession(actor: Actor, { limitedHours = null, method = "phone" }: { limitedHours?: number | null; method?: AuthMethod } = {}): Promise<Actor> {
  const sessionId = newId();
  const hash = () => randomBytes(32).toString("hex");
  await db.insert(sessions).values({
    id: sessionId,
    userId: actor.userId,
    tokenHash: hash(),
    deviceHash: hash(),
    authMethod: method,
    expiresAt: new Date(Date.now() + 30 * 24 * HOUR_MS),
    limitedUntil: limitedHours === null ? null : new Date(Date.now() + limitedHours * HOUR_MS),
  });
  return { ...actor, sessionId };
}

/** A store that the database believes deployed on the given chains and open since an hour, with one member. */
export async function makeStore({ role = "owner", chainIds = ["84532"], rewardRateBps = 500 }: { role?: Role; chainIds?: ChainId[]; rewardRateBps?: number } = {}) {
  const { actor } = await makePerson({ name: "Bia" });
  const storeId = newId();
  const shortCode = shortCodeFromBytes(randomBytes(6));
  const symbol = [...randomBytes(8)].map((byte) => String.fromCharCode(65 + (byte % 26))).join("");
  await db.insert(stores).values({ id: storeId, name: "Café da Praia", symbol, category: "cafe", address: "Barra da Lagoa", deploymentStatus: "deployed", shortCode, rewardRateBps, startsAt: new Date(Date.now() - HOUR_MS), timeZone: "America/Sao_Paulo", qrVersion: 1 });
  await db.insert(storeCodes).values({ shortCode, storeId });
  await db.insert(storeMembers).values({ storeId, userId: actor.userId, role, acceptedAt: new Date() });
  for (const chainId of chainIds) {
    await db.insert(storeDeployments).values({ id: newId(), storeId, chainId, projectId: (projectId += 1), tokenAddress: randomAddress(), terminalAddress: randomAddress(), status: "deployed", deployedAt: new Date() });
    await db.insert(storeAccounts).values({ id: newId(), storeId, chainId, address: randomAddress(), salt: "0x", initialOwnerAddress: randomAddress(), ownerAddress: randomAddress() });
  }
  return { storeId, shortCode, actor };
}

/** Quotes need a rate. */
export const makeRate = () => refreshRate();

/** How many rows a table holds for a person's payments: what a refusal must leave at zero. */
export async function paymentRowsOf(userId: string) {
  const [row] = await sql<{ transactions: number; operations: number; reservations: number; audits: number; events: number }[]>`
    SELECT (SELECT count(*)::int FROM transactions WHERE from_user_id = ${userId}) AS transactions,
           (SELECT count(*)::int FROM user_operations o JOIN transactions t ON t.id = o.id WHERE t.from_user_id = ${userId}) AS operations,
           (SELECT count(*)::int FROM balance_reservations r JOIN token_balances b ON b.id = r.token_balance_id WHERE b.user_id = ${userId}) AS reservations,
           (SELECT count(*)::int FROM audit_logs WHERE user_id = ${userId} AND action LIKE 'payment.%') AS audits,
           (SELECT count(*)::int FROM analytics_events WHERE user_id = ${userId} AND event_name = 'payment_requested') AS events`;
  return row!;
}

/** Accounts on both chains for somebody who signed in by the pages, as the worker would make them. */
export async function makeAccountOf(userId: string): Promise<string> {
  const address = randomAddress();
  for (const chainId of ["84532", "11155420"] as const) {
    await db.insert(smartAccounts).values({ id: newId(), userId, chainId, address, salt: `0x${randomBytes(32).toString("hex")}`, ownerAddress: address, initialOwnerAddress: address });
    await db.insert(tokenBalances).values({ id: newId(), userId, chainId, tokenAddress: USDC[chainId] });
  }
  return address;
}

/** Somebody in a store's team, signed in. */
export async function makeMember(storeId: string, role: Role, { name = "Nando Vieira" }: { name?: string } = {}) {
  const { actor } = await makePerson({ name });
  await db.insert(storeMembers).values({ storeId, userId: actor.userId, role, acceptedAt: new Date() });
  return { actor };
}
