import { concat, encodeDeployData, encodeFunctionData, getCreate2Address, pad, stringToHex, zeroAddress, type Abi, type Address, type Hex } from "viem";
import { CREATE2_PROXY, JUICEBOX, USDC } from "@/lib/chain/addresses";
import { CCIP, CCTP_DOMAIN, cctpContracts, suckerDeployer } from "@/lib/chain/bridges";
import type { ChainId } from "@/lib/chain/chains";
import { privateKeyToAddress } from "viem/accounts";
import type { AnvilClient } from "./anvil-client";
import { readArtifact, type Artifact } from "./artifacts";
import standIns from "./contracts/artifacts.json";
import { CORE_SAFE, deploymentPlan } from "./plan";
import { LOCAL_DEPLOYER, sendAll, type LocalTransaction } from "./send-all";

/** The local chains that bridges connect. */
const LINKED = ["84532", "11155420"] as const satisfies readonly ChainId[];

/**
 * Signs what the local attestation service attests. No secret: whoever reaches a local chain can impersonate anybody on it anyway, and no
 * public chain knows this key.
 */
export const LOCAL_ATTESTER_KEY: Hex = `0x${"c0c0".repeat(16)}`;
/** Delivers CCIP messages, impersonated by the local relay. */
export const LOCAL_RELAYER: Address = "0x00000000000000000000000000000000000c0c06";
/** Takes what fast transfers cost. */
export const LOCAL_FEE_RECIPIENT: Address = "0x00000000000000000000000000000000000c0c07";

const MINT_ALLOWANCE = 10n ** 18n;
/** JBAddToBalanceMode.ON_CLAIM: a claim brings the tokens' dollars to the treasury itself (Deploy.s.sol). */
const ADD_TO_BALANCE_ON_CLAIM = 1;

/** True for a chain that has them; chains of before this stage of CocoPay get them at their next start. */
export async function hasBridges(client: AnvilClient, chainId: ChainId): Promise<boolean> {
  const code = await client.getCode({ address: cctpContracts(chainId).tokenMessenger });
  return code !== undefined && code !== "0x";
}

/**
 * Puts the bridges on a local chain, at their public addresses: stand-ins for Circle's CCTP V2 (with real minter rights at the real USDC) and
 * for Chainlink's router, and the real sucker deployer and sucker of Juicebox V5, allowed by the real registry.
 */
export async function deployBridges(client: AnvilClient, chainId: ChainId): Promise<void> {
  const { tokenMessenger, messageTransmitter } = cctpContracts(chainId);
  const { router } = CCIP[chainId];
  const remotes = LINKED.filter((id) => id !== chainId);
  await Promise.all([
    client.setCode({ address: tokenMessenger, bytecode: codeOf("TokenMessengerV2") }),
    client.setCode({ address: messageTransmitter, bytecode: codeOf("MessageTransmitterV2") }),
    client.setCode({ address: router, bytecode: codeOf("CcipRouterStandIn") }),
  ]);
  const suckers = remotes.map((remote) => suckerContracts(chainId, remote));
  await sendAll(client, [
    callOf("MessageTransmitterV2", messageTransmitter, "initialize", [CCTP_DOMAIN[chainId], privateKeyToAddress(LOCAL_ATTESTER_KEY)]),
    callOf("TokenMessengerV2", tokenMessenger, "initialize", [
      messageTransmitter, USDC[chainId], LOCAL_FEE_RECIPIENT, remotes.map((id) => CCTP_DOMAIN[id]), remotes.map((id) => pad(cctpContracts(id).tokenMessenger)), remotes.map((id) => pad(USDC[id])),
    ]),
    callOf("CcipRouterStandIn", router, "initialize", [CCIP[chainId].selector, USDC[chainId], LOCAL_RELAYER]),
    { label: "USDC.configureMinter", from: LOCAL_DEPLOYER, to: USDC[chainId], data: encodeFunctionData({ abi: minterAbi, functionName: "configureMinter", args: [tokenMessenger, MINT_ALLOWANCE] }), gas: 500_000n },
    ...suckers.map(({ deployer, salt }): LocalTransaction => ({ label: "JBCCIPSuckerDeployer", from: LOCAL_DEPLOYER, to: CREATE2_PROXY, data: concat([salt, deployer.initCode]) })),
  ]);
  const asOwner = (label: string, to: Address, abi: Abi, functionName: string, args: unknown[]): LocalTransaction => ({ label, from: CORE_SAFE, to, data: encodeFunctionData({ abi, functionName, args }), gas: 5_000_000n });
  await sendAll(client, suckers.map(({ remote, deployer }) => asOwner("SuckerDeployer.setChainSpecificConstants", deployer.address, deployer.artifact.abi, "setChainSpecificConstants", [BigInt(remote), CCIP[remote].selector, router])));
  // The singleton's constructor asks the deployer for the constants, so it comes after them.
  await sendAll(client, suckers.map(({ singleton, salt }): LocalTransaction => ({ label: "JBCCIPSucker", from: LOCAL_DEPLOYER, to: CREATE2_PROXY, data: concat([salt, singleton.initCode]) })));
  await sendAll(client, [
    ...suckers.map(({ deployer, singleton }) => asOwner("SuckerDeployer.configureSingleton", deployer.address, deployer.artifact.abi, "configureSingleton", [singleton.address])),
    asOwner("SuckerRegistry.allowSuckerDeployers", JUICEBOX.suckerRegistry, registryAbi(), "allowSuckerDeployers", [suckers.map(({ deployer }) => deployer.address)]),
  ]);
}

const minterAbi = [{ type: "function", name: "configureMinter", stateMutability: "nonpayable", inputs: [{ name: "minter", type: "address" }, { name: "allowance", type: "uint256" }], outputs: [{ type: "bool" }] }] as const;

type StandIn = keyof typeof standIns.contracts;
const codeOf = (name: StandIn) => standIns.contracts[name].deployedBytecode as Hex;

const callOf = (name: StandIn, to: Address, functionName: string, args: unknown[]): LocalTransaction => ({
  label: `${name}.${functionName}`, from: LOCAL_DEPLOYER, to, data: encodeFunctionData({ abi: standIns.contracts[name].abi as Abi, functionName, args }), gas: 1_000_000n,
});

const SUCKERS = "@bananapus/suckers-v5/deployments/nana-suckers-v5/base_sepolia";
const registryAbi = () => readArtifact(`${SUCKERS}/JBSuckerRegistry.json`).abi;

type Planned = { address: Address; initCode: Hex; artifact: Artifact };

/** Sucker deployer and singleton between two chains, with the addresses that they get (the package's Deploy.s.sol, _deployCCIPSuckerFor). */
export function suckerContracts(chainId: ChainId, remote: ChainId): { remote: ChainId; salt: Hex; deployer: Planned; singleton: Planned } {
  const known = new Map(deploymentPlan().contracts.map(({ name, address }) => [name, address]));
  const at = (name: string): Address => known.get(name) ?? zeroAddress;
  const salt = stringToHex(suckerDeployer(chainId, remote).salt, { size: 32 });
  const plan = (name: string, args: unknown[]): Planned => {
    const artifact = readArtifact(`${SUCKERS}/${name}.json`);
    const initCode = encodeDeployData({ abi: artifact.abi, bytecode: artifact.bytecode, args });
    return { address: getCreate2Address({ from: CREATE2_PROXY, salt, bytecode: initCode }).toLowerCase() as Address, initCode, artifact };
  };
  const deployer = plan("JBCCIPSuckerDeployer", [at("JBDirectory"), at("JBPermissions"), at("JBTokens"), CORE_SAFE, at("ERC2771Forwarder")]);
  const singleton = plan("JBCCIPSucker", [deployer.address, at("JBDirectory"), at("JBTokens"), at("JBPermissions"), ADD_TO_BALANCE_ON_CLAIM, at("ERC2771Forwarder")]);
  return { remote, salt, deployer, singleton };
}
