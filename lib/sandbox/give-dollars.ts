import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { smartAccounts, users } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Visitor } from "@/lib/auth/actor";
import { parsePhone } from "@/lib/auth/phone";
import type { ChainId } from "@/lib/chain/chains";
import { mintLocalDollars } from "@/lib/dev/chain/mint-local-dollars";
import { DomainError } from "@/lib/errors";
import { isSandboxOn } from "./is-sandbox-on";
import { GIVEN_USD_MICROS } from "./rules";

/**
 * Gives a person's account on a local chain US$ 100 of test USDC. The balance follows when the follower has seen it.
 * Fails with not_found (no sandbox here, or no such person), phone_invalid, account_not_ready, unavailable (the chain is not a local one).
 */
export async function giveDollars(visitor: Visitor, input: { phone: string; chainId: ChainId }): Promise<{ phone: string }> {
  if (!isSandboxOn()) throw new DomainError("not_found");
  const phone = parsePhone(input.phone).number;
  const [person] = await db
    .select({ userId: users.id, address: smartAccounts.address })
    .from(users)
    .leftJoin(smartAccounts, and(eq(smartAccounts.userId, users.id), eq(smartAccounts.chainId, input.chainId)))
    .where(eq(users.phone, phone));
  if (!person) throw new DomainError("not_found");
  if (!person.address) throw new DomainError("account_not_ready");

  const transactionHash = await mintLocalDollars({ chainId: input.chainId, to: person.address, amountUsdMicros: GIVEN_USD_MICROS });
  await db.transaction((tx) =>
    recordAudit(tx, {
      action: "sandbox.dollars_given",
      resourceType: "user",
      resourceId: person.userId,
      ip: visitor.ip,
      userAgent: visitor.userAgent,
      newValues: { chainId: input.chainId, amountUsdMicros: GIVEN_USD_MICROS.toString(), transactionHash },
    }),
  );
  return { phone };
}
