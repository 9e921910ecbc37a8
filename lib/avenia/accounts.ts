import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const Created = z.object({ id: z.string().min(1) });
const Listed = z.object({ subAccounts: z.array(z.looseObject({ subAccountId: z.string().min(1), accountInfo: z.looseObject({ name: z.string() }) })) });
const DECIMAL = z.string().regex(/^\d+(\.\d+)?$/);
const Balances = z.object({ balances: z.record(z.string(), DECIMAL) });
const Limits = z.object({
  limitInfo: z.looseObject({
    blocked: z.boolean(),
    limits: z.array(z.looseObject({ currency: z.string(), maxFiatOut: DECIMAL, usedLimit: z.looseObject({ year: z.number(), month: z.number(), usedFiatOut: DECIMAL }) })),
  }),
});
const Info = z.looseObject({
  accountInfo: z.looseObject({ identityStatus: z.enum(["NOT-IDENTIFIED", "CONFIRMED"]) }),
  wallets: z.array(z.looseObject({ chain: z.string(), walletAddress: z.string() })),
});

/** The id of the account with exactly this name, or null. A sub-account is for ever, so one is looked for before it is made again. */
export async function findSubAccount(access: AveniaAccess, name: string): Promise<string | null> {
  const { subAccounts } = await request(access, Listed, "GET", "/v2/account/sub-accounts", { query: { name } });
  return subAccounts.find(({ accountInfo }) => accountInfo.name === name)?.subAccountId ?? null;
}

/** Fails with AveniaError; after an uncertain one look by name before asking again. */
export async function createSubAccount(access: AveniaAccess, account: { accountType: "INDIVIDUAL" | "COMPANY"; name: string }): Promise<string> {
  return (await request(access, Created, "POST", "/v2/account/sub-accounts", { body: account })).id;
}

/** Whether the provider knows who it is, and the addresses that it takes deposits on. */
export async function readAccount(access: AveniaAccess, subAccountId: string): Promise<{ isIdentified: boolean; wallets: { chain: string; address: string }[] }> {
  const { accountInfo, wallets } = await request(access, Info, "GET", "/v2/account/account-info", { query: { subAccountId } });
  return { isIdentified: accountInfo.identityStatus === "CONFIRMED", wallets: wallets.map(({ chain, walletAddress }) => ({ chain, address: walletAddress })) };
}

/** What an account holds, a decimal text for each currency. */
export async function readBalances(access: AveniaAccess, subAccountId: string): Promise<Record<string, string>> {
  return (await request(access, Balances, "GET", "/v2/account/balances", { query: { subAccountId } })).balances;
}

export type FiatOutLimit = { isBlocked: boolean; max: string; used: string; year: number; month: number };

/** What an account may pay out of a currency in a month and what it has paid out, as decimal texts; null where the provider names no limit. */
export async function readFiatOutLimit(access: AveniaAccess, subAccountId: string, currency: "BRL"): Promise<FiatOutLimit | null> {
  const { limitInfo } = await request(access, Limits, "GET", "/v2/account/limits", { query: { subAccountId } });
  const limit = limitInfo.limits.find((known) => known.currency === currency);
  if (!limit) return limitInfo.blocked ? { isBlocked: true, max: "0", used: "0", year: 0, month: 0 } : null;
  return { isBlocked: limitInfo.blocked, max: limit.maxFiatOut, used: limit.usedLimit.usedFiatOut, year: limit.usedLimit.year, month: limit.usedLimit.month };
}
