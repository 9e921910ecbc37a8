import fc from "fast-check";
import { encodeFunctionData } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendAs, setBlockTime, warpTo } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { newId } from "@/lib/ids";
import { multiTerminalAbi } from "./abis";
import { JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";
import { generateKey } from "./keys";
import { payCalls, parsePayEvents } from "./pay";
import { chainTime, nextProjectId, readRevnetState } from "./revnet-state";
import { deployRevnetCalls, expectedReward, issuanceUnitsAt, ISSUANCE_CUT_SECONDS, rewardValueUsdMicros } from "./revnet";

const RATES_BPS = [100, 333, 500, 1_234, 2_000];
const ALL_USD_MICROS = 10n ** 15n;
const YEAR_SECONDS = 365 * 86_400;

let chains: TestChain[];
beforeAll(async () => {
  const paymasterSignerKey = generatePrivateKey();
  const ids: ChainId[] = ["84532", "11155420"];
  chains = await Promise.all(ids.map((chainId) => startTestChain({ chainId, paymasterSignerKey })));
});
afterAll(() => Promise.all(chains.map((chain) => chain.stop())));

function first(): TestChain {
  const [chain] = chains;
  if (!chain) throw new Error("a chain was started");
  return chain;
}

/** Opens a revnet as an impersonated account: here the arithmetic is on trial, not the operation. */
async function openRevnet({ client, chainId }: TestChain, { storeId = newId(), storeAccount = generateKey().address, rewardRateBps = 500, startsAt = 0 }) {
  const projectId = await nextProjectId(chainId);
  const start = startsAt || (await chainTime(chainId)) + 30;
  await client.setBalance({ address: storeAccount, value: 10n ** 18n });
  for (const call of deployRevnetCalls({ chainId, storeId, name: "Padaria", symbol: "PAO", rewardRateBps, storeAccount, startsAt: start, nextProjectId: projectId, chainIds: ["84532", "11155420"] })) {
    await sendAs(client, storeAccount, call);
  }
  return { projectId, startsAt: start, rewardRateBps };
}

describe("rewards equal the contracts', to the unit", () => {
  test("over 150 amounts, five rates and ten years of issuance cuts", async () => {
    const { client, chainId } = first();
    const payer = generateKey().address;
    await client.setBalance({ address: payer, value: 10n ** 20n });
    await usdcFaucet({ client, chainId, to: payer, amountUsdMicros: ALL_USD_MICROS });
    const [approveAll] = payCalls({ chainId, projectId: 0, amountUsdMicros: ALL_USD_MICROS, beneficiary: payer, memo: "", minReturnedUnits: 0n });
    await sendAs(client, payer, approveAll ?? {});
    const revnets = [];
    for (const rewardRateBps of RATES_BPS) revnets.push(await openRevnet(first(), { rewardRateBps }));
    await warpTo(client, Math.max(...revnets.map(({ startsAt }) => startsAt)));

    const amounts = fc.sample(fc.oneof(fc.bigInt(1n, 100n), fc.bigInt(10_000n, 500_000_000n), fc.bigInt(1n, 10n ** 11n)), { numRuns: 150, seed: 7 });
    const compared: bigint[] = [];
    for (const [index, amountUsdMicros] of amounts.entries()) {
      if (index % 5 === 0) await warpTo(client, (await chainTime(chainId)) + (YEAR_SECONDS * 10) / 30);
      const revnet = revnets[index % revnets.length];
      if (!revnet) throw new Error("a revnet for every rate");
      const [, pay] = payCalls({ chainId, projectId: revnet.projectId, amountUsdMicros, beneficiary: payer, memo: "", minReturnedUnits: 0n });
      const receipt = await sendAs(client, payer, pay ?? {});
      const { timestamp } = await client.getBlock({ blockNumber: receipt.blockNumber });
      const [event] = parsePayEvents(receipt.logs);
      expect(event?.rewardUnits, `${amountUsdMicros} at ${revnet.rewardRateBps}`).toBe(expectedReward({ amountUsdMicros, ...revnet, now: Number(timestamp) }));
      compared.push(event?.rewardUnits ?? -1n);
    }
    expect(compared).toHaveLength(150);
  }, 60_000);

  test("the cut comes with the second that ends 90 days, not before", async () => {
    const { client, chainId } = first();
    const revnet = await openRevnet(first(), {});
    const rewardAt = async (time: number) => {
      await client.setNextBlockTimestamp({ timestamp: BigInt(time) });
      await client.mine({ blocks: 1 });
      const state = await readRevnetState(chainId, revnet.projectId);
      return state.issuance?.unitsPerUsd;
    };
    const end = revnet.startsAt + ISSUANCE_CUT_SECONDS;
    expect(await rewardAt(end - 1)).toBe(issuanceUnitsAt(revnet.startsAt, end - 1));
    expect(await rewardAt(end)).toBe(issuanceUnitsAt(revnet.startsAt, end));
    expect(issuanceUnitsAt(revnet.startsAt, end)).toBe(995n * 10n ** 18n);
  });

  test("before the start a payment is refused, and there is no reward to promise", async () => {
    const { client, chainId } = first();
    const revnet = await openRevnet(first(), { startsAt: (await chainTime(chainId)) + 3_600 });
    expect((await readRevnetState(chainId, revnet.projectId)).issuance).toBeNull();
    const data = encodeFunctionData({ abi: multiTerminalAbi, functionName: "pay", args: [BigInt(revnet.projectId), USDC[chainId], 1n, generateKey().address, 0n, "", "0x"] });
    await expect(client.call({ to: JUICEBOX.multiTerminal, data })).rejects.toThrow();
    expect(() => expectedReward({ amountUsdMicros: 1n, ...revnet, now: revnet.startsAt - 1 })).toThrow();
  });
});

test("the same store has the same token address on both chains", async () => {
  const same = { storeId: newId(), storeAccount: generateKey().address, startsAt: Math.max(...(await Promise.all(chains.map(({ chainId }) => chainTime(chainId))))) + 60 };
  const tokens = [];
  for (const chain of chains) {
    const { projectId } = await openRevnet(chain, same);
    tokens.push((await readRevnetState(chain.chainId, projectId)).tokenAddress);
  }
  expect(new Set(tokens).size).toBe(1);
  expect(tokens[0]).not.toBe("0x0000000000000000000000000000000000000000");
});

describe("what rewards are worth", () => {
  test("a share of the surplus, floored; all tokens are worth all of it; nothing is worth nothing", () => {
    expect(rewardValueUsdMicros({ units: 10_000n, surplusUsdMicros: 200_000_000n, supplyUnits: 200_000n })).toBe(10_000_000n);
    expect(rewardValueUsdMicros({ units: 1n, surplusUsdMicros: 2n, supplyUnits: 3n })).toBe(0n);
    expect(rewardValueUsdMicros({ units: 9n, surplusUsdMicros: 5n, supplyUnits: 9n })).toBe(5n);
    expect(rewardValueUsdMicros({ units: 0n, surplusUsdMicros: 5n, supplyUnits: 0n })).toBe(0n);
  });

  test("parts are never worth more than the whole", () => {
    const big = fc.bigInt(0n, 10n ** 30n);
    fc.assert(fc.property(big, big, big, big, (a, b, rest, surplusUsdMicros) => {
      const supplyUnits = a + b + rest;
      const worth = (units: bigint) => rewardValueUsdMicros({ units, surplusUsdMicros, supplyUnits });
      expect(worth(a) + worth(b) <= worth(a + b) || a + b === 0n).toBe(true);
      expect(worth(a) <= surplusUsdMicros).toBe(true);
    }));
  });
});

test("a local chain mines by the clock when it is told to", async () => {
  const { client } = first();
  await setBlockTime(client, 1);
  const before = await client.getBlockNumber();
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  expect(await client.getBlockNumber()).toBeGreaterThanOrEqual(before + 2n);
  await setBlockTime(client, 0);
});
