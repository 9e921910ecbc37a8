import "server-only";
import { eq, sql } from "drizzle-orm";
import { users, wallets } from "@/db/schema";
import { WALLET_ATTEMPT_SECONDS, WALLET_FACTOR_HOURS } from "./rules";

/** The row's wallet opened the account: it was linked while its person signed up. */
const openedTheAccount = sql`${wallets.createdAt} < ${users.createdAt} + make_interval(secs => ${WALLET_ATTEMPT_SECONDS})`;

/** Seconds until a wallet counts as the second factor; 0 when it does. In queries that join `wallets` and `users`. */
export const secondsUntilFactor = sql<number>`
  CASE WHEN ${openedTheAccount} THEN 0
  ELSE greatest(0, ceil(extract(epoch FROM ${wallets.createdAt} + make_interval(hours => ${WALLET_FACTOR_HOURS}) - now())))::int END`;

/** The join that `secondsUntilFactor` needs. */
export const ownerOfWallet = eq(users.id, wallets.userId);
