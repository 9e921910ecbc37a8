import "server-only";
import { and, eq, inArray } from "drizzle-orm";
import { db } from "@/db/client";
import { storeCodes, storeDeployments, stores } from "@/db/schema";
import type { ChainId } from "@/lib/chain/chains";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";

export type PayableStore = {
  id: string;
  name: string;
  place: string | null;
  symbol: string;
  category: string | null;
  shortCode: string;
  qrVersion: number;
  logoHash: string | null;
  rewardRateBps: number;
  timeZone: string;
  startsAt: Date | null;
  closedAt: Date | null;
  /** Chains where payments land, with the revnet there; the default chain first. */
  deployments: { chainId: ChainId; projectId: number; tokenAddress: string }[];
};

/** A short code as people type it: spaces and case do not matter. */
export const normaliseShortCode = (typed: string): string => typed.replace(/[\s-]/g, "").toUpperCase();

/** The store behind a short code. Fails with short_code_unknown, also for a retired code (details.retired is 1, details.storeId its store). */
export async function findStoreByCode(typedCode: string): Promise<PayableStore> {
  const code = normaliseShortCode(typedCode);
  if (!/^[A-Z0-9]{3,20}$/.test(code)) throw new DomainError("short_code_unknown");
  const [row] = await db.select({ store: stores, retiredAt: storeCodes.retiredAt }).from(storeCodes).innerJoin(stores, eq(stores.id, storeCodes.storeId)).where(eq(storeCodes.shortCode, code));
  if (!row) throw new DomainError("short_code_unknown");
  if (row.retiredAt) throw new DomainError("short_code_unknown", { retired: 1, storeId: row.store.id });
  const { CHAIN_IDS, DEFAULT_CHAIN_ID } = env();
  const deployed = await db
    .select({ chainId: storeDeployments.chainId, projectId: storeDeployments.projectId, tokenAddress: storeDeployments.tokenAddress })
    .from(storeDeployments)
    .where(and(eq(storeDeployments.storeId, row.store.id), eq(storeDeployments.status, "deployed"), inArray(storeDeployments.chainId, CHAIN_IDS)));
  return {
    id: row.store.id,
    name: row.store.name,
    place: row.store.address,
    symbol: row.store.symbol,
    category: row.store.category,
    shortCode: code,
    qrVersion: row.store.qrVersion ?? 1,
    logoHash: row.store.logoHash,
    rewardRateBps: row.store.rewardRateBps ?? 0,
    timeZone: row.store.timeZone ?? "America/Sao_Paulo",
    startsAt: row.store.startsAt,
    closedAt: row.store.closedAt,
    deployments: deployed
      .flatMap(({ chainId, projectId, tokenAddress }) => (projectId !== null && tokenAddress !== null ? [{ chainId, projectId, tokenAddress }] : []))
      .toSorted((a, b) => Number(b.chainId === DEFAULT_CHAIN_ID) - Number(a.chainId === DEFAULT_CHAIN_ID)),
  };
}

export type StoreReadiness = "ready" | "preparing" | "opens_soon" | "closed";

/** Whether the store can be paid now, and why not. */
export function readinessOf(store: PayableStore, now: Date): StoreReadiness {
  if (store.closedAt) return "closed";
  if (store.deployments.length === 0 || !store.startsAt) return "preparing";
  return store.startsAt > now ? "opens_soon" : "ready";
}

/** Fails with store_closed, store_not_ready or store_not_started unless the store can be paid now. */
export function assertStorePayable(store: PayableStore, now: Date) {
  const readiness = readinessOf(store, now);
  if (readiness === "closed") throw new DomainError("store_closed");
  if (readiness === "preparing") throw new DomainError("store_not_ready");
  if (readiness === "opens_soon") throw new DomainError("store_not_started", { seconds: Math.ceil(((store.startsAt?.getTime() ?? 0) - now.getTime()) / 1000) });
}
