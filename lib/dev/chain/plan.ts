import { encodeAbiParameters, encodeDeployData, getCreate2Address, keccak256, stringToHex, type Address, type Hex } from "viem";
import { CREATE2_PROXY } from "@/lib/chain/addresses";
import { readArtifact, type Artifact } from "./artifacts";

/**
 * How Juicebox V5 and revnet V5 were deployed in public: order, CREATE2 salts and constructor arguments (the packages'
 * `script/Deploy*.s.sol`; their artifacts leave arguments out). Each contract's address follows, and equals the published
 * one, so the local chains run the public contracts at the public addresses.
 */

/** Owners of the protocol's contracts, from the packages' deployment receipts. Impersonated locally, nowhere else. */
export const CORE_SAFE: Address = "0x80a8F7a4bD75b539CE26937016Df607fdC9ABeb5";
export const REV_SAFE: Address = "0x6b92c73682f0e1fac35A18ab17efa5e77DDE9fE1";

/** Fee projects that constructors remember: 1 Juicebox (NANA), 2 Croptop, 3 Revnet (REV). Stores begin at 4. */
export const FEE_PROJECTS = { juicebox: 1n, croptop: 2n, revnet: 3n } as const;

const PERMIT2: Address = "0x000000000022D473030F116dDEE9F6B43aC78BA3";
/** Wrapped ether and Uniswap V3's factory on Base Sepolia and OP Sepolia; the buyback hook asks them only for stores with a pool. */
const WETH: Address = "0x4200000000000000000000000000000000000006";
const UNISWAP_V3_FACTORY: Address = "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24";

const PACKAGES = {
  core: "@bananapus/core-v5/deployments/nana-core-v5",
  addressRegistry: "@bananapus/address-registry-v5/deployments/nana-address-registry",
  hook721: "@bananapus/721-hook-v5/deployments/nana-721-hook-v5",
  suckers: "@bananapus/suckers-v5/deployments/nana-suckers-v5",
  buyback: "@bananapus/buyback-hook-v5/deployments/nana-buyback-hook-v5",
  croptop: "@croptop/core-v5/deployments/croptop-core-v5",
  omnichain: "@bananapus/omnichain-deployers-v5/deployments/nana-omnichain-deployers-v5",
  revnet: "@rev-net/core-v5/deployments/revnet-core-v5",
} as const;

const CORE_SALT = keccak256(encodeAbiParameters([{ type: "uint256" }], [1n]));
const textSalt = (text: string): Hex => stringToHex(text, { size: 32 });

type At = (name: string) => Address;
type Step = { name: string; from: keyof typeof PACKAGES; salt: Hex; args: (at: At) => unknown[] };

const core = (name: string, args: Step["args"]): Step => ({ name, from: "core", salt: CORE_SALT, args });

/** In an order in which every address is known when it is needed; the deployer contracts of one another come first. */
const STEPS: Step[] = [
  core("ERC2771Forwarder", () => ["Juicebox"]),
  core("JBPermissions", (at) => [at("ERC2771Forwarder")]),
  core("JBProjects", (at) => [CORE_SAFE, CORE_SAFE, at("ERC2771Forwarder")]),
  core("JBDirectory", (at) => [at("JBPermissions"), at("JBProjects"), CORE_SAFE]),
  core("JBSplits", (at) => [at("JBDirectory")]),
  core("JBRulesets", (at) => [at("JBDirectory")]),
  core("JBPrices", (at) => [at("JBDirectory"), at("JBPermissions"), at("JBProjects"), CORE_SAFE, at("ERC2771Forwarder")]),
  core("JBERC20", () => []),
  core("JBTokens", (at) => [at("JBDirectory"), at("JBERC20")]),
  core("JBFundAccessLimits", (at) => [at("JBDirectory")]),
  core("JBFeelessAddresses", () => [CORE_SAFE]),
  core("JBTerminalStore", (at) => [at("JBDirectory"), at("JBPrices"), at("JBRulesets")]),
  core("JBMultiTerminal", (at) => [
    at("JBFeelessAddresses"), at("JBPermissions"), at("JBProjects"), at("JBSplits"), at("JBTerminalStore"), at("JBTokens"), PERMIT2, at("ERC2771Forwarder"),
  ]),
  {
    name: "JB721TiersHookStore", from: "hook721", salt: textSalt("JB721TiersHookStore_"),
    args: () => [],
  },
  {
    name: "JB721TiersHook", from: "hook721", salt: textSalt("JB721TiersHook_"),
    args: (at) => [at("JBDirectory"), at("JBPermissions"), at("JBRulesets"), at("JB721TiersHookStore"), at("ERC2771Forwarder")],
  },
  {
    name: "JB721TiersHookDeployer", from: "hook721", salt: textSalt("JB721TiersHookDeployer_"),
    args: (at) => [at("JB721TiersHook"), at("JB721TiersHookStore"), at("JBAddressRegistry"), at("ERC2771Forwarder")],
  },
  {
    name: "JBSuckerRegistry", from: "suckers", salt: textSalt("REGISTRY"),
    args: (at) => [at("JBDirectory"), at("JBPermissions"), CORE_SAFE, at("ERC2771Forwarder")],
  },
  {
    name: "JBOmnichainDeployer", from: "omnichain", salt: textSalt("JBOmnichainDeployer_"),
    args: (at) => [at("JBSuckerRegistry"), at("JB721TiersHookDeployer"), at("JBPermissions"), at("JBProjects"), at("ERC2771Forwarder")],
  },
  core("JBController", (at) => [
    at("JBDirectory"), at("JBFundAccessLimits"), at("JBPermissions"), at("JBPrices"), at("JBProjects"), at("JBRulesets"), at("JBSplits"), at("JBTokens"),
    at("JBOmnichainDeployer"), at("ERC2771Forwarder"),
  ]),
  {
    name: "JBBuybackHookRegistry", from: "buyback", salt: textSalt("JBBuybackHook"),
    args: (at) => [at("JBPermissions"), at("JBProjects"), CORE_SAFE, at("ERC2771Forwarder")],
  },
  {
    name: "JBBuybackHook", from: "buyback", salt: textSalt("JBBuybackHook"),
    args: (at) => [
      at("JBDirectory"), at("JBPermissions"), at("JBPrices"), at("JBProjects"), at("JBTokens"), WETH, UNISWAP_V3_FACTORY, at("ERC2771Forwarder"),
    ],
  },
  {
    name: "CTPublisher", from: "croptop", salt: textSalt("_PUBLISHER_SALT_"),
    args: (at) => [at("JBDirectory"), at("JBPermissions"), FEE_PROJECTS.croptop, at("ERC2771Forwarder")],
  },
  {
    name: "REVDeployer", from: "revnet", salt: textSalt("_REV_DEPLOYER_SALT__"),
    args: (at) => [at("JBController"), at("JBSuckerRegistry"), FEE_PROJECTS.revnet, at("JB721TiersHookDeployer"), at("CTPublisher"), at("ERC2771Forwarder")],
  },
  {
    name: "REVLoans", from: "revnet", salt: textSalt("_REV_LOANS_SALT__"),
    args: (at) => [at("REVDeployer"), FEE_PROJECTS.revnet, REV_SAFE, PERMIT2, at("ERC2771Forwarder")],
  },
];

export type PlannedContract = { name: string; salt: Hex; initCode: Hex; address: Address; artifact: Artifact };
export type Plan = { contracts: PlannedContract[]; addressRegistry: { address: Address; code: Hex }; matchingPriceFeed: Artifact };

/** The artifacts are equal on all testnets; this network's carry the published addresses that the test compares with. */
const NETWORK = "base_sepolia";
const artifactOf = (from: keyof typeof PACKAGES, name: string): Artifact => readArtifact(`${PACKAGES[from]}/${NETWORK}/${name}.json`);

/** The contracts to deploy, in order, with the addresses they get. The same on both local chains. */
export function deploymentPlan(): Plan {
  // The one contract whose arguments could not be derived again; it has no storage and no immutables, so its code is put in place.
  const registry = artifactOf("addressRegistry", "JBAddressRegistry");
  if (!registry.address) throw new Error("JBAddressRegistry's artifact has no address");
  const known = new Map<string, Address>([["JBAddressRegistry", registry.address]]);
  const at: At = (name) => {
    const address = known.get(name);
    if (!address) throw new Error(`The plan needs ${name} before it is there`);
    return address;
  };
  const contracts = STEPS.map(({ name, from, salt, args }): PlannedContract => {
    const artifact = artifactOf(from, name);
    const initCode = encodeDeployData({ abi: artifact.abi, bytecode: artifact.bytecode, args: args(at) });
    const address = getCreate2Address({ from: CREATE2_PROXY, salt, bytecode: initCode });
    known.set(name, address);
    return { name, salt, initCode, address, artifact };
  });
  return {
    contracts,
    addressRegistry: { address: registry.address, code: registry.deployedBytecode },
    matchingPriceFeed: artifactOf("core", "JBMatchingPriceFeed"),
  };
}
