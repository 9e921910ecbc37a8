import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Sql } from "postgres";
import { bytesToHex, encodeFunctionData, parseAbi, type Address, type Hex } from "viem";
import { toPackedUserOperation } from "viem/account-abstraction";
import { v7 } from "uuid";
import { accountAbi, erc20Abi } from "@/lib/chain/abis";
import { encodeExecute, factoryData, wrapSignature } from "@/lib/chain/account";
import { ACCOUNT_FACTORY, ENTRY_POINT, JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { addressOfOwnerKey } from "@/lib/chain/owner-key";
import { signHash } from "@/lib/chain/sign-hash";
import { buildOperation, operationHash } from "@/lib/chain/user-operation";
import { anvilClient, fundOperator, sendAs } from "@/lib/dev/chain/anvil-client";
import { stackVariable } from "./fixtures";

/** What custody's journeys ask the chains themselves, past everything that our server says. */
export const BOTH_CHAINS = ["84532", "11155420"] as const satisfies readonly ChainId[];

const SPENDER: Address = "0x00000000000000000000000000000000000000ee";
const OPERATOR: Address = "0x00000000000000000000000000000000000000ef";
const PERMISSION_ID = 10;
const ALLOWED = 5_000_000n;
const permissionsAbi = parseAbi([
  "function setPermissionsFor(address account, (address operator, uint64 projectId, uint8[] permissionIds) permissionsData)",
  "function permissionsOf(address operator, address account, uint256 projectId) view returns (uint256)",
]);
const validateAbi = parseAbi([
  "struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }",
  "function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash, uint256 missingAccountFunds) returns (uint256)",
]);

export const clientOf = (chainId: ChainId) => anvilClient(chainId, stackVariable(`RPC_URL_${chainId}`));

export type AccountRow = { address: Address; initialOwner: Address; salt: Hex };

export async function accountOf(db: Sql, userId: string, chainId: ChainId = "84532"): Promise<AccountRow> {
  const [row] = await db<AccountRow[]>`
    SELECT address, coalesce(initial_owner_address, owner_address) AS "initialOwner", salt FROM smart_accounts WHERE user_id = ${userId} AND chain_id = ${chainId}::chain_id`;
  if (!row) throw new Error("This person has no account");
  return row;
}

/** The chain's own word; null where there is no account yet. */
export async function signersOn(chainId: ChainId, account: Address): Promise<string[] | null> {
  const client = clientOf(chainId);
  if (!(await client.getCode({ address: account }))) return null;
  const signers = await client.readContract({ address: account, abi: accountAbi, functionName: "getSigners", args: [0n, 100n] });
  return signers.map((signer) => signer.toLowerCase()).toSorted();
}

/** Creates the account where it is not there yet, then lets it allow somebody its dollars and a Juicebox operator one of its rights. */
export async function plantPermissions(chainId: ChainId, { address, initialOwner, salt }: AccountRow) {
  const client = clientOf(chainId);
  if (!(await client.getCode({ address }))) await sendAs(client, SPENDER_OF_GAS, { to: ACCOUNT_FACTORY, data: factoryData({ initialOwner, salt }) });
  await fundOperator(client, address, 10n ** 18n);
  await sendAs(client, address, { to: USDC[chainId], data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SPENDER, ALLOWED] }) });
  await sendAs(client, address, {
    to: JUICEBOX.permissions,
    data: encodeFunctionData({ abi: permissionsAbi, functionName: "setPermissionsFor", args: [address, { operator: OPERATOR, projectId: 0n, permissionIds: [PERMISSION_ID] }] }),
  });
}
/** Anvil's first account: anybody may create an account. */
const SPENDER_OF_GAS: Address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/** What of the planted still stands. */
export async function plantedOn(chainId: ChainId, account: Address): Promise<{ allowance: bigint; permission: bigint }> {
  const client = clientOf(chainId);
  const allowance = await client.readContract({ address: USDC[chainId], abi: parseAbi(["function allowance(address owner, address spender) view returns (uint256)"]), functionName: "allowance", args: [account, SPENDER] });
  const permission = await client.readContract({ address: JUICEBOX.permissions, abi: permissionsAbi, functionName: "permissionsOf", args: [OPERATOR, account, 0n] });
  return { allowance, permission };
}
export const PLANTED = { allowance: ALLOWED, permission: 1n << BigInt(PERMISSION_ID) };

/** The server's key of a person, opened with the worker's own key-encryption key. Tests alone do this. */
export async function serverKeyOf(db: Sql, userId: string): Promise<Uint8Array> {
  const [row] = await db<{ sealed: string; address: string }[]>`SELECT encrypted_private_key AS sealed, address FROM signing_keys WHERE user_id = ${userId} AND is_active`;
  if (!row) throw new Error("The server holds no key for this person");
  const ring = parseEnv(readFileSync(join(stackVariable("E2E_DATA_DIR"), "worker.env"), "utf8")).KEY_ENCRYPTION_KEYS ?? "";
  const [, version = "", nonce = "", tag = "", text = ""] = row.sealed.split(".");
  const key = ring.split(",").find((entry) => entry.startsWith(`${version}:`))?.slice(version.length + 1) ?? "";
  const cipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.from(nonce, "base64url"), { authTagLength: 16 });
  cipher.setAAD(Buffer.from(`${userId}:${version}:${row.address}`));
  cipher.setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([cipher.update(Buffer.from(text, "base64url")), cipher.final()]);
}

/** Whether the account contract itself takes this key's signature: what the entry point asks it before anything else. */
export async function accountAccepts(chainId: ChainId, account: Address, key: Uint8Array): Promise<boolean> {
  const gas = { callGasLimit: 100_000n, verificationGasLimit: 100_000n, preVerificationGas: 50_000n, paymasterVerificationGasLimit: 40_000n, paymasterPostOpGasLimit: 1n };
  const op = buildOperation({ operationId: v7(), sender: account, callData: encodeExecute([{ to: SPENDER, data: "0x" }]), gas, fees: { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }, paymaster: SPENDER });
  const hash = operationHash(chainId, op);
  const signed = toPackedUserOperation({ ...op, signature: wrapSignature(addressOfOwnerKey(key), signHash(hash, key)) });
  const { data } = await clientOf(chainId).call({ account: ENTRY_POINT, to: account, data: encodeFunctionData({ abi: validateAbi, functionName: "validateUserOp", args: [signed, hash, 0n] }) });
  return BigInt(data ?? "0x1") === 0n;
}

/** A private key as any text that could carry it. */
export function spellingsOf(secret: Uint8Array): string[] {
  const hex = bytesToHex(secret).slice(2);
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [hex, hex.toUpperCase(), base64, base64.replaceAll("+", "-").replaceAll("/", "_"), BigInt(`0x${hex}`).toString(), [...secret].join(",")];
}

