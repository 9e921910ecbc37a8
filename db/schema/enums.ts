import { pgEnum } from "drizzle-orm/pg-core";
import { CUSTODY_STATUSES } from "@/lib/accounts/rules";
import { AUTH_METHODS } from "@/lib/auth/rules";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { PAYOUT_STATUSES, PAYOUT_TYPES } from "@/lib/payouts/rules";
import { TRANSACTION_STATUSES, TRANSACTION_TYPES } from "@/lib/payments/rules";
import { DEPLOYMENT_STATUSES } from "@/lib/stores/rules";
import { ROLES } from "@/lib/team/rules";

export const authMethod = pgEnum("auth_method", AUTH_METHODS);
export const storeRole = pgEnum("store_role", ROLES);
export const transactionType = pgEnum("transaction_type", TRANSACTION_TYPES);
export const transactionStatus = pgEnum("transaction_status", TRANSACTION_STATUSES);
export const deploymentStatus = pgEnum("deployment_status", DEPLOYMENT_STATUSES);
export const payoutType = pgEnum("payout_type", PAYOUT_TYPES);
export const payoutStatus = pgEnum("payout_status", PAYOUT_STATUSES);
export const custodyStatus = pgEnum("custody_status", CUSTODY_STATUSES);
export const chainId = pgEnum("chain_id", CHAIN_IDS);
