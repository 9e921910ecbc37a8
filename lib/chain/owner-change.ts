import { encodeFunctionData, type Address } from "viem";
import { accountAbi } from "./abis";
import type { Call } from "./account";

/** Lets these addresses sign for the account that makes the call. */
export const addOwnersCall = (account: Address, owners: readonly Address[]): Call => ({ to: account, data: encodeFunctionData({ abi: accountAbi, functionName: "addSigners", args: [owners] }) });

/** Takes these addresses' right away. The account refuses to lose its last signer. */
export const removeOwnersCall = (account: Address, owners: readonly Address[]): Call => ({ to: account, data: encodeFunctionData({ abi: accountAbi, functionName: "removeSigners", args: [owners] }) });

export type OwnerChangeInput = { account: Address; /** As the chain has them now. */ signers: readonly string[]; add: readonly string[]; remove: readonly string[] };

/** The calls that bring an account's signers to what a change wants: those that are missing in, then those that leave out. None when all is so. */
export function ownerChangeCalls({ account, signers, add, remove }: OwnerChangeInput): Call[] {
  const missing = add.filter((owner) => !signers.includes(owner)) as Address[];
  const leaving = remove.filter((owner) => signers.includes(owner)) as Address[];
  return [...(missing.length > 0 ? [addOwnersCall(account, missing)] : []), ...(leaving.length > 0 ? [removeOwnersCall(account, leaving)] : [])];
}
