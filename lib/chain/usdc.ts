import { encodeFunctionData, parseEventLogs, type Address, type Hex, type Log } from "viem";
import { erc20Abi } from "./abis";
import type { Call } from "./account";
import { USDC } from "./addresses";
import type { ChainId } from "./chains";

/** The call that sends dollars from the account that makes it. */
export const transferUsdcCall = (chainId: ChainId, to: Address, amountUsdMicros: bigint): Call => ({
  to: USDC[chainId],
  data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amountUsdMicros] }),
});

export type TransferEvent = { token: Address; from: Address; to: Address; amountUnits: bigint; transactionHash: Hex; logIndex: number };

/** The ERC-20 transfers of these tokens among logs, addresses in lower case; the same topic from other addresses is left out. */
export function parseTransferEvents(logs: readonly Log[], tokens: readonly Address[]): TransferEvent[] {
  const own = logs.filter((log) => tokens.includes(log.address.toLowerCase() as Address));
  return parseEventLogs({ abi: erc20Abi, eventName: "Transfer", logs: own }).map(({ address, args, transactionHash, logIndex }) => ({
    token: address.toLowerCase() as Address,
    from: args.from.toLowerCase() as Address,
    to: args.to.toLowerCase() as Address,
    amountUnits: args.value,
    transactionHash,
    logIndex,
  }));
}
