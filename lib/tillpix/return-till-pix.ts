import "server-only";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { requirePermission } from "@/lib/team/require-permission";

/** The owner says that a second payment was given back by hand; its dollars are the store's from here on. Safe to repeat. Fails with not_found, forbidden. */
export async function returnTillPix(actor: Actor, { storeId, pixId }: { storeId: string; pixId: string }): Promise<void> {
  await requirePermission(db, actor, storeId, "payouts.manage");
  if (!isId(pixId)) throw new DomainError("not_found");
  const [own] = await db.execute(sql`SELECT 1 FROM till_pix WHERE id = ${pixId} AND store_id = ${storeId}`);
  if (!own) throw new DomainError("not_found");
  const [answer] = await db.execute<{ result: string }>(sql`SELECT till_pix_return(${actor.userId}, ${pixId}, ${actor.ip}, ${actor.userAgent?.slice(0, 500) ?? null}) AS result`);
  if (answer?.result === "not_found") throw new DomainError("not_found");
}
