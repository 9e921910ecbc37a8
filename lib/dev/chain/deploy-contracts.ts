import { concat, encodeDeployData, encodeFunctionData, getContractAddress, parseEther, stringToHex, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import artifacts from "@/lib/chain/contracts/artifacts.json";
import { revDeployerAbi } from "@/lib/chain/abis";
import { ACCOUNT_FACTORY, BUYBACK_HOOK, CREATE2_PROXY, ENTRY_POINT, JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { updateBundlerAllowlist } from "@/lib/chain/paymaster";
import { currencyOf } from "@/lib/chain/revnet";
import type { AnvilClient } from "./anvil-client";
import { readArtifact } from "./artifacts";
import { deployBridges } from "./deploy-bridges";
import { prepareUsdc } from "./local-usdc";
import { paymasterInitCode, predictPaymasterAddress } from "./paymaster-code";
import { CORE_SAFE, deploymentPlan, FEE_PROJECTS, REV_SAFE, type Plan } from "./plan";
import { LOCAL_DEPLOYER, sendAll, type LocalTransaction } from "./send-all";
import { LOCAL_MINTER } from "./usdc-faucet";

/** Owns and manages the local paymaster, impersonated. */
const PAYMASTER_ADMIN: Address = "0x00000000000000000000000000000000000c0c02";
/** EntryPoint 0.8's CREATE2 salt (eth-infinitism account-abstraction v0.8.0 release notes). */
const ENTRY_POINT_SALT: Hex = "0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9";
const PAYMASTER_DEPOSIT_WEI = parseEther("1000");
const USD_CURRENCY = 2n;

export type DeployInput = {
  client: AnvilClient;
  chainId: ChainId;
  /** Address of the worker's PAYMASTER_SIGNER_KEY. */
  paymasterSigner: Address;
  /** Addresses of the worker's OPERATOR_PRIVATE_KEYS: funded, and the only ones whose bundles the paymaster pays for. */
  operators: Address[];
};

/**
 * Puts the whole stack on a blank local chain, at the public addresses: Juicebox V5 and revnet V5 with their fee projects,
 * USDC, EntryPoint 0.8, our account factory, and our paymaster with its deposit. Permit2 is left out: no npm package here
 * carries its code, and the terminal asks for it only when an allowance is too small. Answers the paymaster's address.
 */
export async function deployContracts({ client, chainId, paymasterSigner, operators }: DeployInput): Promise<{ paymaster: Address }> {
  const plan = deploymentPlan();
  const roles = { owner: PAYMASTER_ADMIN, manager: PAYMASTER_ADMIN, signer: paymasterSigner };
  const paymaster = predictPaymasterAddress(roles);
  const priceFeed = getContractAddress({ from: LOCAL_MINTER, nonce: 0n });

  await client.setCode({ address: plan.addressRegistry.address, bytecode: plan.addressRegistry.code });
  await sendAll(client, [
    ...(await prepareUsdc(client, chainId, LOCAL_DEPLOYER)),
    ...plan.contracts.map(({ name, salt, initCode }) => create2(name, salt, initCode)),
    create2("EntryPoint", ENTRY_POINT_SALT, readArtifact("@account-abstraction/contracts/artifacts/EntryPoint.json").bytecode),
    create2("CocoAccountFactory", zeroHash, artifacts.contracts.CocoAccountFactory.bytecode as Hex),
    create2("SingletonPaymasterV8", zeroHash, paymasterInitCode(roles)),
    { label: "JBMatchingPriceFeed", from: LOCAL_MINTER, data: encodeDeployData({ abi: plan.matchingPriceFeed.abi, bytecode: plan.matchingPriceFeed.bytecode }) },
  ]);
  await sendAll(client, [...wireCore(plan, chainId, priceFeed), ...wirePaymaster(paymaster, operators)]);
  await sendAll(client, [callOf(plan, "JBProjects", REV_SAFE, "createFor", [REV_SAFE])]);
  await sendAll(client, [
    ...deployFeeRevnet(plan, chainId, { id: FEE_PROJECTS.revnet, safe: REV_SAFE, name: "Revnet", ticker: "REV" }),
    ...deployFeeRevnet(plan, chainId, { id: FEE_PROJECTS.juicebox, safe: CORE_SAFE, name: "Juicebox", ticker: "NANA" }),
  ]);
  await deployBridges(client, chainId);
  await Promise.all(operators.map((address) => client.setBalance({ address, value: parseEther("1000") })));
  await assertDeployed(client, [ENTRY_POINT, ACCOUNT_FACTORY, paymaster, USDC[chainId], ...plan.contracts.map(({ address }) => address)]);
  return { paymaster };
}

const create2 = (label: string, salt: Hex, initCode: Hex): LocalTransaction => ({ label, from: LOCAL_DEPLOYER, to: CREATE2_PROXY, data: concat([salt, initCode]) });

function callOf(plan: Plan, name: string, from: Address, functionName: string, args: unknown[]): LocalTransaction {
  const contract = plan.contracts.find((planned) => planned.name === name);
  if (!contract) throw new Error(`The plan has no ${name}`);
  const data = encodeFunctionData({ abi: contract.artifact.abi, functionName, args });
  return { label: `${name}.${functionName}`, from, to: contract.address, data, gas: 5_000_000n };
}

/** What the protocol's owners set after their deployments (the packages' deploy scripts), and the price of USDC: one dollar. */
const wireCore = (plan: Plan, chainId: ChainId, priceFeed: Address): LocalTransaction[] => [
  callOf(plan, "JBDirectory", CORE_SAFE, "setIsAllowedToSetFirstController", [JUICEBOX.controller, true]),
  callOf(plan, "JBBuybackHookRegistry", CORE_SAFE, "setDefaultHook", [BUYBACK_HOOK[chainId]]),
  callOf(plan, "JBPrices", CORE_SAFE, "addPriceFeedFor", [0n, USD_CURRENCY, currencyOf(USDC[chainId]), priceFeed]),
  callOf(plan, "JBProjects", CORE_SAFE, "createFor", [CORE_SAFE]),
];

const wirePaymaster = (paymaster: Address, operators: Address[]): LocalTransaction[] => [
  {
    label: "EntryPoint.depositTo",
    from: PAYMASTER_ADMIN,
    to: ENTRY_POINT,
    value: PAYMASTER_DEPOSIT_WEI,
    data: encodeFunctionData({ abi: entryPoint08Abi, functionName: "depositTo", args: [paymaster] }),
    gas: 1_000_000n,
  },
  { label: "Paymaster.updateBundlerAllowlist", from: PAYMASTER_ADMIN, to: paymaster, data: updateBundlerAllowlist(operators, true), gas: 5_000_000n },
];

/** The protocol's fee projects are revnets that take USDC, so that fees are really charged on local chains. */
function deployFeeRevnet(plan: Plan, chainId: ChainId, { id, safe, name, ticker }: { id: bigint; safe: Address; name: string; ticker: string }): LocalTransaction[] {
  const usdc = USDC[chainId];
  const split = { percent: 1_000_000_000, projectId: 0n, beneficiary: safe, preferAddToBalance: false, lockedUntil: 0, hook: zeroAddress };
  const stage = {
    startsAtOrAfter: 0, autoIssuances: [], splitPercent: 3_800, splits: [split], initialIssuance: 10_000n * 10n ** 18n,
    issuanceCutFrequency: 90 * 86_400, issuanceCutPercent: 380_000_000, cashOutTaxRate: 1_000, extraMetadata: 4,
  };
  const data = encodeFunctionData({
    abi: revDeployerAbi,
    functionName: "deployFor",
    args: [
      id,
      {
        description: { name, ticker, uri: "", salt: stringToHex(ticker, { size: 32 }) },
        baseCurrency: Number(USD_CURRENCY),
        splitOperator: safe,
        stageConfigurations: [stage],
        loanSources: [{ token: usdc, terminal: JUICEBOX.multiTerminal }],
        loans: JUICEBOX.revLoans,
      },
      [{ terminal: JUICEBOX.multiTerminal, accountingContextsToAccept: [{ token: usdc, decimals: 6, currency: currencyOf(usdc) }] }],
      { dataHook: JUICEBOX.buybackHookRegistry, hookToConfigure: BUYBACK_HOOK[chainId], poolConfigurations: [] },
      { deployerConfigurations: [], salt: stringToHex(ticker, { size: 32 }) },
    ],
  });
  return [
    callOf(plan, "JBProjects", safe, "approve", [JUICEBOX.revDeployer, id]),
    { label: `REVDeployer.deployFor ${ticker}`, from: safe, to: JUICEBOX.revDeployer, data, gas: 5_000_000n },
  ];
}

async function assertDeployed(client: AnvilClient, addresses: Address[]): Promise<void> {
  const codes = await Promise.all(addresses.map((address) => client.getCode({ address })));
  const missing = addresses.filter((_, index) => !codes[index]);
  if (missing.length > 0) throw new Error(`Local deployment left no code at ${missing.join(", ")}`);
}
