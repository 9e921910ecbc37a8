import { encodeFunctionData, type Address, type Hex } from "viem";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { sendAs, type AnvilClient } from "./anvil-client";

/** Mints local dollars and holds every role of the local USDC. An address without a key: it only acts impersonated. */
export const LOCAL_MINTER: Address = "0x00000000000000000000000000000000000c0c05";

const mintAbi = [{ type: "function", name: "mint", stateMutability: "nonpayable", inputs: [{ name: "to", type: "address" }, { name: "amount", type: "uint256" }], outputs: [{ type: "bool" }] }] as const;

/** Dollars for an account of a local chain, mined when this resolves. Answers the transaction's hash. */
export async function usdcFaucet({ client, chainId, to, amountUsdMicros }: { client: AnvilClient; chainId: ChainId; to: Address; amountUsdMicros: bigint }): Promise<Hex> {
  const data = encodeFunctionData({ abi: mintAbi, functionName: "mint", args: [to, amountUsdMicros] });
  const { transactionHash } = await sendAs(client, LOCAL_MINTER, { to: USDC[chainId], data });
  return transactionHash;
}
