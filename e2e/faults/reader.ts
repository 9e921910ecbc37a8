import { createRequire } from "node:module";
import { createPublicClient, http, numberToHex, parseEventLogs, type Abi, type Address, type Hex, type Log } from "viem";

/**
 * Reads payments off a chain without a line of CocoPay's own chain code: plain eth_getLogs, with the ABIs and addresses of the
 * contracts' npm packages. It judges what the app says.
 */
const require = createRequire(import.meta.url);
type Artifact = { abi: Abi; address: Address; bytecode: Hex; deployedBytecode: Hex };
export const artifactOf = (path: string) => require(path) as Artifact;
export const deploymentOf = (pack: string, file: string) => artifactOf(`${pack}/base_sepolia/${file}.json`);

export const CORE = "@bananapus/core-v5/deployments/nana-core-v5";
export const BUYBACK = "@bananapus/buyback-hook-v5/deployments/nana-buyback-hook-v5";
const terminal = deploymentOf(CORE, "JBMultiTerminal");
const entryPoint = artifactOf("@account-abstraction/contracts/artifacts/EntryPoint.json");
/** EntryPoint 0.8 as its release names it. */
export const ENTRY_POINT_ADDRESS: Address = "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108";

export type Pay = { projectId: bigint; payer: string; beneficiary: string; amount: bigint; newlyIssuedTokenCount: bigint; memo: string; transactionHash: Hex };
type Operation = { userOpHash: Hex; sender: string; nonce: bigint; success: boolean; transactionHash: Hex };

export type ChainReader = ReturnType<typeof chainReader>;

/** A reader of one chain from a block on. */
export function chainReader(rpcUrl: string, fromBlock: bigint) {
  const client = createPublicClient({ transport: http(rpcUrl, { timeout: 30_000, retryCount: 0 }), cacheTime: 0 });
  const logsAt = async (address: Address): Promise<Log[]> => {
    const logs = await client.request({ method: "eth_getLogs", params: [{ address, fromBlock: numberToHex(fromBlock), toBlock: "latest" }] });
    return logs as unknown as Log[];
  };
  const pays = async (): Promise<Pay[]> =>
    parseEventLogs({ abi: terminal.abi, eventName: "Pay", logs: await logsAt(terminal.address) }).map((log) => {
      const args = (log as unknown as { args: Omit<Pay, "transactionHash"> }).args;
      return { ...args, payer: args.payer.toLowerCase(), beneficiary: args.beneficiary.toLowerCase(), transactionHash: log.transactionHash };
    });
  const operations = async (): Promise<Operation[]> =>
    parseEventLogs({ abi: entryPoint.abi, eventName: "UserOperationEvent", logs: await logsAt(ENTRY_POINT_ADDRESS) }).map((log) => {
      const args = (log as unknown as { args: Omit<Operation, "transactionHash"> }).args;
      return { ...args, sender: args.sender.toLowerCase(), transactionHash: log.transactionHash };
    });
  return { client, pays, operations };
}

/** The memo that CocoPay promises: `coco:` and the payment's id without hyphens. */
export const memoOf = (transactionId: string) => `coco:${transactionId.replaceAll("-", "")}`;
/** The nonce's key that CocoPay promises: the payment's id as an integer. */
export const nonceOf = (transactionId: string) => BigInt(`0x${transactionId.replaceAll("-", "")}`) << 64n;
