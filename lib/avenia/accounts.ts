import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const Created = z.object({ id: z.string().min(1) });
const Listed = z.object({ subAccounts: z.array(z.looseObject({ subAccountId: z.string().min(1), accountInfo: z.looseObject({ name: z.string() }) })) });
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
