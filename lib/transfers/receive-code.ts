import "server-only";
import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { receiveCodes } from "@/db/schema";
import { invariant } from "@/lib/errors";
import { RECEIVE_CODE_LENGTH, receiveCodeFromBytes } from "./rules";

/** The person's own public code, made at the first look. */
export async function receiveCodeFor({ userId }: { userId: string }): Promise<string> {
  const read = async () => (await db.select({ code: receiveCodes.code }).from(receiveCodes).where(eq(receiveCodes.userId, userId)))[0]?.code;
  const known = await read();
  if (known) return known;
  await db.insert(receiveCodes).values({ userId, code: receiveCodeFromBytes(randomBytes(RECEIVE_CODE_LENGTH)) }).onConflictDoNothing();
  const made = await read();
  invariant(made, "a person has a receive code after one was made");
  return made;
}
