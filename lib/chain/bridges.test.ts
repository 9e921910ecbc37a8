import { expect, test } from "vitest";
import { readArtifact } from "@/lib/dev/chain/artifacts";
import { suckerContracts } from "@/lib/dev/chain/deploy-bridges";
import { suckerDeployer } from "./bridges";

const published = (network: string, name: string) => readArtifact(`@bananapus/suckers-v5/deployments/nana-suckers-v5/${network}/${name}.json`).address?.toLowerCase();

test("sucker deployer and sucker land on their published addresses, equal at both ends", () => {
  const base = suckerContracts("84532", "11155420");
  const op = suckerContracts("11155420", "84532");
  expect([base.deployer.address, base.singleton.address]).toEqual([op.deployer.address, op.singleton.address]);
  expect(base.deployer.address).toBe(published("base_sepolia", "JBCCIPSuckerDeployer_1"));
  expect(base.singleton.address).toBe(published("base_sepolia", "JBCCIPSucker_1"));
  expect(op.deployer.address).toBe(published("optimism_sepolia", "JBCCIPSuckerDeployer_2"));
  expect(op.singleton.address).toBe(published("optimism_sepolia", "JBCCIPSucker_2"));
});

const PAIRS = [["1", "10"], ["1", "8453"], ["1", "42161"], ["8453", "42161"], ["10", "42161"], ["10", "8453"], ["11155111", "11155420"], ["11155111", "84532"], ["11155111", "421614"], ["84532", "421614"], ["11155420", "421614"], ["11155420", "84532"]] as const;
const NETWORK = { "1": "ethereum", "10": "optimism", "8453": "base", "42161": "arbitrum", "11155111": "sepolia", "11155420": "optimism_sepolia", "84532": "base_sepolia", "421614": "arbitrum_sepolia" } as const;

test.each(PAIRS)("the deployer between %s and %s is published on both", (a, b) => {
  const { address } = suckerDeployer(a, b);
  for (const network of [NETWORK[a], NETWORK[b]]) {
    expect(["JBCCIPSuckerDeployer", "JBCCIPSuckerDeployer_1", "JBCCIPSuckerDeployer_2"].map((name) => published(network, name))).toContain(address);
  }
});

test("main and test networks have no bridge", () => expect(() => suckerDeployer("10", "84532")).toThrow());
