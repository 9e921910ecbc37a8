import "server-only";
import { db } from "@/db/client";
import { sandboxMessages } from "@/db/schema";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { newId } from "@/lib/ids";
import type { MessageSender } from "./message";

/** Phones that make each failure reachable by hand. */
export const SANDBOX_FAILURES: Record<string, ErrorCode> = {
  "+5511900000001": "message_not_sent",
  "+5511900000002": "phone_invalid",
};

/** Keeps the message for the sandbox page instead of sending it. A production start refuses this provider. */
export const sandboxSender: MessageSender = async ({ to, body }) => {
  const failure = SANDBOX_FAILURES[to];
  if (failure) throw new DomainError(failure);
  await db.insert(sandboxMessages).values({ id: newId(), toPhone: to, body });
};
