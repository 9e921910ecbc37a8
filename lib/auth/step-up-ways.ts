import "server-only";
import { sql } from "@/db/client";
import type { Actor } from "./actor";
import { STEP_UP_LOST_WAIT_HOURS, STEP_UP_WAIT_HOURS, type StepUpPurpose } from "./rules";

/** What a person can confirm with, and what the wait would be without. Plain values, because a page gets them from an action. */
export type StepUpWays = { hasPasskey: boolean; hasWallet: boolean; waitHours: number; /** ISO time, while a wait for this purpose runs. */ waitingUntil: string | null };

export async function stepUpWays({ userId }: Pick<Actor, "userId">, { purpose }: { purpose: StepUpPurpose }): Promise<StepUpWays> {
  const [row] = await sql<{ hasPasskey: boolean; hasWallet: boolean; waitingUntil: Date | null }[]>`
    SELECT EXISTS (SELECT FROM passkeys WHERE user_id = ${userId}) AS "hasPasskey", EXISTS (SELECT FROM wallets WHERE user_id = ${userId}) AS "hasWallet",
      (SELECT min(ready_at) FROM step_up_waits WHERE user_id = ${userId} AND purpose = ${purpose} AND used_at IS NULL AND cancelled_at IS NULL AND expires_at > now()) AS "waitingUntil"`;
  const { hasPasskey, hasWallet, waitingUntil } = row!;
  return { hasPasskey, hasWallet, waitHours: hasPasskey || hasWallet ? STEP_UP_LOST_WAIT_HOURS : STEP_UP_WAIT_HOURS, waitingUntil: waitingUntil?.toISOString() ?? null };
}
