import "server-only";
import { randomBytes } from "node:crypto";
import { and, count, eq, gt, sql } from "drizzle-orm";
import { v5 } from "uuid";
import { db, type Tx } from "@/db/client";
import { storeCodes, storeDeployments, storeMembers, stores } from "@/db/schema";
import { recordEvent } from "@/lib/analytics/record-event";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { DomainError, invariant } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { paths } from "@/lib/paths";
import { symbolTaken } from "./free-symbol";
import { categoryFromTyped, placeFromTyped, rewardRateFromTyped, shortCodeFromBytes, storeNameFromTyped, symbolFromTyped, timeZoneFromTyped } from "./rules";
import { uniqueViolation } from "./unique-violation";

export type StoreInput = {
  /** UUID of the form: a double tap, a reload and a retry open one store. */
  formKey: string;
  name: string;
  symbol: string;
  category: string;
  place: string;
  /** Basis points as text, 100 to 2000 in steps of 50. */
  rewardRateBps: string;
  /** The browser's IANA zone; the store's days follow it. */
  timeZone?: string;
  /** Degrees, when the owner let the device say where the store is. */
  latitude?: number;
  longitude?: number;
};

export type OpenedStore = { storeId: string; shortCode: string };

/** A new short code meets an old one once in a billion; three tries are plenty. */
const SHORT_CODE_TRIES = 3;
/** Each store costs us gas on every chain. */
const STORES_A_DAY_MAX = 10;

/** The store that a person's form opens. Known before it exists, so that the form can already show its tile. */
export const storeIdOf = (userId: string, formKey: string): string => v5(formKey, userId);

/**
 * Opens a store: its row, short code, owner, one pending deployment a chain, audit line, event and the job that deploys, in one transaction.
 * The QR works at once; payments follow as each chain is deployed. Safe to repeat with the same form key.
 * Fails with: store_name_invalid, symbol_invalid, symbol_taken (with suggestions), category_invalid, place_invalid, reward_rate_invalid,
 * store_already_opened (same form, other contents), too_many_requests.
 */
export async function openStore(actor: Actor, input: StoreInput): Promise<OpenedStore> {
  const facts = {
    name: storeNameFromTyped(input.name),
    symbol: await symbolOf(input),
    category: categoryFromTyped(input.category),
    address: placeFromTyped(input.place),
    rewardRateBps: rewardRateFromTyped(input.rewardRateBps),
  };
  const extras = { timeZone: timeZoneFromTyped(input.timeZone), ...coordinatesOf(input) };
  const storeId = storeIdOf(actor.userId, input.formKey);

  for (let attempt = 1; attempt <= SHORT_CODE_TRIES; attempt += 1) {
    const earlier = await findOpened(storeId, facts);
    if (earlier) return earlier;
    try {
      return await db.transaction((tx) => insertStore(tx, actor, { storeId, facts, extras }));
    } catch (error) {
      const index = uniqueViolation(error);
      if (index === null) throw error;
      // The twin of a double tap may have won between the look and the write: then its answer is ours.
      const twin = await findOpened(storeId, facts);
      if (twin) return twin;
      if (index === "idx_stores_symbol_upper") throw await symbolTaken(facts.name);
      // Otherwise a short code met another: take a new one.
    }
  }
  throw new DomainError("unavailable");
}

type Facts = { name: string; symbol: string; category: string; address: string; rewardRateBps: number };
type Extras = { timeZone: string; latitude: string | null; longitude: string | null };

async function insertStore(tx: Tx, actor: Actor, { storeId, facts, extras }: { storeId: string; facts: Facts; extras: Extras }): Promise<OpenedStore> {
  const [opened] = await tx
    .select({ count: count() })
    .from(storeMembers)
    .where(and(eq(storeMembers.userId, actor.userId), eq(storeMembers.role, "owner"), gt(storeMembers.createdAt, sql`now() - interval '1 day'`)));
  if (opened && opened.count >= STORES_A_DAY_MAX) throw new DomainError("too_many_requests", { seconds: 86_400 });

  const shortCode = shortCodeFromBytes(randomBytes(16));
  const qrCodeUrl = new URL(paths.qrImage(shortCode), env().APP_URL).href;
  await tx.insert(stores).values({ id: storeId, ...facts, ...extras, shortCode, qrVersion: 1, qrCodeUrl });
  await tx.insert(storeCodes).values({ shortCode, storeId });
  await tx.insert(storeMembers).values({ id: newId(), storeId, userId: actor.userId, role: "owner", invitedBy: actor.userId, acceptedAt: sql`now()` });
  await tx.insert(storeDeployments).values(env().CHAIN_IDS.map((chainId) => ({ id: newId(), storeId, chainId, status: "pending" as const, attempts: 0 })));
  await recordAudit(tx, { action: "store.opened", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, newValues: { ...facts, shortCode } });
  await recordEvent(tx, { name: "store_opened", userId: actor.userId, sessionId: actor.sessionId, ip: actor.ip, userAgent: actor.userAgent, properties: { storeId, category: facts.category, rewardRateBps: facts.rewardRateBps } });
  await enqueue(tx, "stores.deploy", { storeId }, { key: `stores.deploy:${storeId}` });
  return { storeId, shortCode };
}

/** What this form already opened. Other contents under its key are refused, not ignored. */
async function findOpened(storeId: string, facts: Facts): Promise<OpenedStore | null> {
  const [store] = await db.select().from(stores).where(eq(stores.id, storeId));
  if (!store) return null;
  const isSame = store.name === facts.name && store.symbol === facts.symbol && store.category === facts.category && store.address === facts.address && store.rewardRateBps === facts.rewardRateBps;
  if (!isSame) throw new DomainError("store_already_opened");
  invariant(store.shortCode, `store ${storeId} has no short code`);
  return { storeId, shortCode: store.shortCode };
}

/** A reserved symbol is answered like a taken one, with suggestions. */
async function symbolOf(input: StoreInput): Promise<string> {
  try {
    return symbolFromTyped(input.symbol);
  } catch (error) {
    if (error instanceof DomainError && error.code === "symbol_taken") throw await symbolTaken(storeNameFromTyped(input.name));
    throw error;
  }
}

/** Both degrees or none, to the five decimals (one metre) that a device knows. */
function coordinatesOf({ latitude, longitude }: StoreInput): { latitude: string | null; longitude: string | null } {
  const isOnEarth = latitude !== undefined && longitude !== undefined && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isOnEarth ? { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5) } : { latitude: null, longitude: null };
}
