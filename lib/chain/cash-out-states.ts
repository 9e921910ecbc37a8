import "server-only";
import type { TokenState } from "./cash-out";
import { controllerAbi, terminalStoreAbi } from "./abis";
import { JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";
import { publicClient } from "./clients";

const READS_PER_STORE = 3;

/**
 * What the tokens of these revnets are shares of, all in one call and so of one block, the latest. Throws when the node is out of
 * reach (`isChainUnreachable`).
 */
export async function readCashOutStates(chainId: ChainId, projectIds: readonly number[]): Promise<Map<number, TokenState>> {
  if (projectIds.length === 0) return new Map();
  const contracts = projectIds.flatMap((projectId) => {
    const id = BigInt(projectId);
    return [
      { address: JUICEBOX.terminalStore, abi: terminalStoreAbi, functionName: "balanceOf", args: [JUICEBOX.multiTerminal, id, USDC[chainId]] },
      { address: JUICEBOX.controller, abi: controllerAbi, functionName: "totalTokenSupplyWithReservedTokensOf", args: [id] },
      { address: JUICEBOX.controller, abi: controllerAbi, functionName: "currentRulesetOf", args: [id] },
    ] as const;
  });
  // The aggregate's code travels with the call, so no contract of ours or anybody's has to stand on the chain. One batch: one block.
  const answers = await publicClient(chainId).multicall({ contracts, allowFailure: false, deployless: true, batchSize: 0 });
  return new Map(
    projectIds.map((projectId, index) => {
      const [surplusUsdMicros, supplyUnits, ruleset] = answers.slice(index * READS_PER_STORE, (index + 1) * READS_PER_STORE) as unknown as [bigint, bigint, readonly [unknown, { cashOutTaxRate: number }]];
      return [projectId, { surplusUsdMicros, supplyUnits, cashOutTaxRate: ruleset[1].cashOutTaxRate }];
    }),
  );
}
