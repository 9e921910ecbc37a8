import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

const PATH = "/v2/account/beneficiaries/bank-accounts/brl";
const Created = z.looseObject({ id: z.string().min(1) });
const Listed = z.looseObject({ bankAccounts: z.array(z.looseObject({ id: z.string().min(1), alias: z.string().nullish() })) });

/** An account at a bank as the provider names its parts. */
export type BrlBankAccount = { userName: string; taxId: string; bankCode: string; branchCode: string; accountNumber: string; accountType: "CHECKING" | "SAVINGS" };

/** The id of the beneficiary that was made under exactly this alias, or null. */
export async function findBankBeneficiary(access: AveniaAccess, { subAccountId, alias }: { subAccountId: string; alias: string }): Promise<string | null> {
  const { bankAccounts } = await request(access, Listed, "GET", PATH, { query: { subAccountId, alias } });
  return bankAccounts.find((known) => known.alias === alias)?.id ?? null;
}

/** Makes a bank account known that tickets can pay to. Fails with AveniaError; after an uncertain one look by alias before asking again. */
export async function createBankBeneficiary(access: AveniaAccess, { subAccountId, alias, account }: { subAccountId: string; alias: string; account: BrlBankAccount }): Promise<string> {
  return (await request(access, Created, "POST", PATH, { query: { subAccountId }, body: { alias, description: "CocoPay", ...account } })).id;
}
