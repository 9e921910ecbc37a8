import { describe, expect, test } from "vitest";
import { BUYBACK_HOOK, JUICEBOX } from "@/lib/chain/addresses";
import { deploymentPlan } from "./plan";

const { contracts } = deploymentPlan();
const addresses = Object.fromEntries(contracts.map(({ name, address }) => [name, address.toLowerCase()]));

describe("the plan derives the public deployment", () => {
  test.each(contracts)("$name lands on its published address", ({ address, artifact }) => {
    expect(artifact.address?.toLowerCase()).toBe(address.toLowerCase());
  });

  test("the application's addresses are those", () => {
    expect(JUICEBOX).toEqual({
      controller: addresses.JBController,
      directory: addresses.JBDirectory,
      multiTerminal: addresses.JBMultiTerminal,
      terminalStore: addresses.JBTerminalStore,
      permissions: addresses.JBPermissions,
      projects: addresses.JBProjects,
      splits: addresses.JBSplits,
      tokens: addresses.JBTokens,
      tokenImplementation: addresses.JBERC20,
      buybackHookRegistry: addresses.JBBuybackHookRegistry,
      revDeployer: addresses.REVDeployer,
      revLoans: addresses.REVLoans,
      suckerRegistry: addresses.JBSuckerRegistry,
    });
    expect([BUYBACK_HOOK["84532"], BUYBACK_HOOK["11155420"]]).toEqual([addresses.JBBuybackHook, addresses.JBBuybackHook]);
  });
});
