import { getAddress, isAddress, type Address } from "viem";
import { ACCOUNT_FACTORY, ACCOUNT_IMPLEMENTATION, BUYBACK_HOOK, CREATE2_PROXY, ENTRY_POINT, JUICEBOX, PERMIT2, USDC } from "./addresses";

/** What is wrong with an address that somebody wants to send to. */
export type PayeeAddressProblem = "invalid" | "checksum" | "contract";

/** Contracts that we know: dollars sent to one of them are gone. */
const CONTRACTS: ReadonlySet<string> = new Set([...Object.values(JUICEBOX), ...Object.values(USDC), ...Object.values(BUYBACK_HOOK), ENTRY_POINT, PERMIT2, CREATE2_PROXY, ACCOUNT_FACTORY, ACCOUNT_IMPLEMENTATION]);

/** Precompiles and the zero address: nobody has their keys. */
const NOBODYS = /^0x0{36}[0-9a-f]{4}$/;

/**
 * A typed address in lower case. Mixed case has to be right (EIP-55), because it is there to show a wrong letter; one case alone carries no
 * check, and `isChecked` is false.
 */
export function readPayeeAddress(typed: string): { address: Address; isChecked: boolean } | PayeeAddressProblem {
  const text = typed.trim();
  if (!isAddress(text, { strict: false })) return "invalid";
  const address = text.toLowerCase() as Address;
  const isPlain = text.slice(2) === address.slice(2) || text.slice(2) === address.slice(2).toUpperCase();
  if (!isPlain && getAddress(address) !== text) return "checksum";
  if (NOBODYS.test(address)) return "invalid";
  return CONTRACTS.has(address) ? "contract" : { address, isChecked: !isPlain };
}

/** The spelling with its check inside, in groups that eyes compare: "0x1b43 B8e5 …". */
export const addressInGroups = (address: string): string => getAddress(address).replace(/^(0x.{4})/, "$1 ").replace(/(?<=^0x.{4} .*)(.{4})(?=.)/g, "$1 ");
export const checksummed = (address: string): Address => getAddress(address);
