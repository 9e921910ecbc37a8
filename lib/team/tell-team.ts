import "server-only";
import { and, asc, eq, isNotNull, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { storeMembers } from "@/db/schema";
import type { Actor } from "@/lib/auth/actor";
import type { NoticeKind } from "@/lib/notifications/rules";
import { warnPerson } from "@/lib/notifications/warn-person";

type TeamNotice = { storeId: string; storeName: string; kind: Extract<NoticeKind, "store_code_changed" | "store_closed" | "store_reopened"> };

/** Tells everybody of a store's team but the one who did it, on every device and by text message, in the transaction of what happened. */
export async function tellTeam(tx: Tx, actor: Pick<Actor, "userId" | "name">, { storeId, storeName, kind }: TeamNotice): Promise<void> {
  const others = await tx
    .select({ userId: storeMembers.userId })
    .from(storeMembers)
    .where(and(eq(storeMembers.storeId, storeId), isNotNull(storeMembers.acceptedAt), ne(storeMembers.userId, actor.userId)))
    .orderBy(asc(storeMembers.userId));
  const name = actor.name?.trim().split(/\s+/, 1)[0] ?? "";
  for (const { userId } of others) await warnPerson(tx, { userId, kind, data: { store: storeName, name } });
}
