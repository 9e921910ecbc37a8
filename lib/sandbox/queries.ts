import "server-only";
import { desc, eq, isNotNull } from "drizzle-orm";
import { db } from "@/db/client";
import { sandboxMessages, users } from "@/db/schema";
import { codeIn, MESSAGES_SHOWN } from "./rules";

export type SandboxMessage = { id: string; to: string; body: string; createdAt: Date; code: string | null };

const PEOPLE_SHOWN = 100;

/** What the sandbox provider "sent", newest first; of one phone when given. */
export async function listSandboxMessages(to?: string): Promise<SandboxMessage[]> {
  const rows = await db
    .select({ id: sandboxMessages.id, to: sandboxMessages.toPhone, body: sandboxMessages.body, createdAt: sandboxMessages.createdAt })
    .from(sandboxMessages)
    .where(to ? eq(sandboxMessages.toPhone, to) : undefined)
    .orderBy(desc(sandboxMessages.createdAt), desc(sandboxMessages.id))
    .limit(MESSAGES_SHOWN);
  return rows.map((row) => ({ ...row, code: codeIn(row.body) }));
}

/** People to give dollars to, the last signed in first. */
export async function listSandboxPeople(): Promise<{ phone: string; name: string | null }[]> {
  return db.select({ phone: users.phone, name: users.name }).from(users).where(isNotNull(users.phoneVerifiedAt)).orderBy(desc(users.lastActiveAt)).limit(PEOPLE_SHOWN);
}
