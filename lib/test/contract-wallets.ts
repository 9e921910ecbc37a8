import { createRequire } from "node:module";
import { encodeAbiParameters, encodeDeployData, type Abi, type Address, type Hex } from "viem";
import type { AnvilClient } from "@/lib/dev/chain/anvil-client";

/** Wallets that are contracts: one that asks its owner's key, and ones that answer ERC-1271 wrongly. */
const SOURCE = `
pragma solidity ^0.8.26;

contract OwnedWallet {
  address public immutable owner;
  constructor(address owner_) { owner = owner_; }
  function isValidSignature(bytes32 hash, bytes calldata signature) external view virtual returns (bytes4) {
    if (signature.length != 65) return 0xffffffff;
    return ecrecover(hash, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64])) == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
  }
}

contract OldMagicWallet {
  constructor(address) {}
  function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) { return 0x20c13b0b; }
}

contract TrueWallet {
  constructor(address) {}
  function isValidSignature(bytes32, bytes calldata) external pure returns (bool) { return true; }
}

contract RevertingWallet {
  constructor(address) {}
  function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) { revert("no"); }
}

contract EndlessWallet {
  constructor(address) {}
  function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) { while (true) {} return 0x1626ba7e; }
}

contract SilentWallet {
  constructor(address) {}
  fallback() external {}
}
`;

export const CONTRACT_WALLETS = ["OwnedWallet", "OldMagicWallet", "TrueWallet", "RevertingWallet", "EndlessWallet", "SilentWallet"] as const;
export type ContractWallet = (typeof CONTRACT_WALLETS)[number];

type Compiled = { errors?: { severity: string; formattedMessage: string }[]; contracts: { "Wallets.sol": Record<ContractWallet, { abi: Abi; evm: { bytecode: { object: string } } }> } };

let compiled: Compiled["contracts"]["Wallets.sol"] | undefined;

function compile() {
  if (compiled) return compiled;
  const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };
  const settings = { evmVersion: "cancun", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources: { "Wallets.sol": { content: SOURCE } }, settings }))) as Compiled;
  const broken = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (broken.length > 0) throw new Error(broken.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return (compiled = output.contracts["Wallets.sol"]);
}

/** Creation code with its owner. */
export function walletCode(kind: ContractWallet, owner: Address): Hex {
  const { abi, evm } = compile()[kind];
  return encodeDeployData({ abi, bytecode: `0x${evm.bytecode.object}`, args: [owner] });
}

/** A contract wallet of an owner on a local chain. `from` pays. */
export async function deployWallet(client: AnvilClient, kind: ContractWallet, owner: Address): Promise<Address> {
  const from = "0x00000000000000000000000000000000000d0d05";
  await client.setBalance({ address: from, value: 10n ** 20n });
  await client.impersonateAccount({ address: from });
  const hash = await client.sendTransaction({ account: from, data: walletCode(kind, owner) });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error(`${kind} was not deployed`);
  return contractAddress;
}

const MAGIC_6492 = "6492649264926492649264926492649264926492649264926492649264926492";

/** A signature of a contract that is not there yet, with what would deploy it (ERC-6492). */
export const wrap6492 = ({ factory, factoryData, signature }: { factory: Address; factoryData: Hex; signature: Hex }): Hex =>
  `${encodeAbiParameters([{ type: "address" }, { type: "bytes" }, { type: "bytes" }], [factory, factoryData, signature])}${MAGIC_6492}`;
