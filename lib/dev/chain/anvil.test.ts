import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAnvil, type Anvil } from "./anvil";
import { setBlockTime, warpTo } from "./anvil-client";
import { usdcFaucet } from "./usdc-faucet";
import { deployContracts } from "./deploy-contracts";
import { generateKey } from "@/lib/chain/keys";

const DAY_SECONDS = 86_400;
let anvil: Anvil | undefined;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cocopay-anvil-"));
});
afterEach(async () => {
  await anvil?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a stopped chain comes back with its blocks, hashes, logs and receipts, and goes on at the present time", async () => {
  const now = Math.floor(Date.now() / 1000);
  anvil = await startAnvil({ chainId: "84532", folder, genesisTime: now - 40 * DAY_SECONDS });
  await deployContracts({ client: anvil.client, chainId: "84532", paymasterSigner: generateKey().address, operators: [generateKey().address] });
  const hash = await usdcFaucet({ client: anvil.client, chainId: "84532", to: generateKey().address, amountUsdMicros: 5_000_000n });
  await warpTo(anvil.client, now - DAY_SECONDS);
  const history = async ({ client }: Anvil) => {
    const head = await client.getBlockNumber();
    const numbers = Array.from({ length: Number(head) + 1 }, (_, index) => BigInt(index));
    const blocks = await Promise.all(numbers.map((blockNumber) => client.getBlock({ blockNumber })));
    const logs = await client.getLogs({ fromBlock: 0n, toBlock: head });
    const receipt = await client.getTransactionReceipt({ hash });
    return { blocks: blocks.map(({ hash: blockHash, timestamp }) => `${blockHash} ${timestamp}`), logs, receipt: receipt.blockHash };
  };
  const before = await history(anvil);
  expect(before.logs.length).toBeGreaterThan(30);
  await anvil.stop();

  // Twice: what the first start after a stop saves must not change the beginning for the second.
  for (let start = 1; start <= 2; start += 1) {
    anvil = await startAnvil({ chainId: "84532", folder });
    expect(await history(anvil)).toEqual(before);
    if (start === 1) await anvil.stop();
  }
  await usdcFaucet({ client: anvil.client, chainId: "84532", to: generateKey().address, amountUsdMicros: 1n });
  const head = await anvil.client.getBlock();
  expect(Math.abs(Number(head.timestamp) - Math.floor(Date.now() / 1000))).toBeLessThan(60);
});

test("a state file that was cut off in the middle gives way to the last whole one", async () => {
  anvil = await startAnvil({ chainId: "84532", folder });
  await anvil.client.mine({ blocks: 3 });
  await anvil.stop();
  anvil = await startAnvil({ chainId: "84532", folder });
  await anvil.client.mine({ blocks: 2 });
  await anvil.stop();

  const path = join(folder, "84532.json");
  writeFileSync(path, readFileSync(path).subarray(0, 1_000));
  anvil = await startAnvil({ chainId: "84532", folder });
  expect(await anvil.client.getBlockNumber()).toBe(3n);
});

test("many faucets at once all give", async () => {
  anvil = await startAnvil({ chainId: "84532", folder });
  await deployContracts({ client: anvil.client, chainId: "84532", paymasterSigner: generateKey().address, operators: [generateKey().address] });
  await setBlockTime(anvil.client, 1);
  const { client } = anvil;
  const people = Array.from({ length: 100 }, () => generateKey().address);
  const hashes = await Promise.all(people.map((to) => usdcFaucet({ client, chainId: "84532", to, amountUsdMicros: 1_000_000n })));
  expect(new Set(hashes).size).toBe(people.length);
});
