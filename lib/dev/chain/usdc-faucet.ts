import { encodeFunctionData, type Address, type Hex } from "viem";
import { USDC } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { sendAs, type AnvilClient } from "./anvil-client";

/** Mints local dollars and holds every role of the local USDC. An address without a key: it only acts impersonated. */
export const LOCAL_MINTER: Address = "0x00000000000000000000000000000000000c0c05";

const mintAbi = [{ type: "function", name: "mint", stateMutability: "nonpayable", inputs: [{ name: "to", type: "address" }, { name: "amount", type: "uint256" }], outputs: [{ type: "bool" }] }] as const;

/** Two faucets at once take the same nonce, and one is refused; nothing was sent then. */
const isNonceTaken = (error: unknown) => error instanceof Error && /underpriced|nonce|already (known|imported)/i.test(error.message);
const TRIES = 20;
const PAUSE_MS = 150;

/** Dollars for an account of a local chain, mined when this resolves. Answers the transaction's hash. */
export async function usdcFaucet({ client, chainId, to, amountUsdMicros }: { client: AnvilClient; chainId: ChainId; to: Address; amountUsdMicros: bigint }): Promise<Hex> {
  const data = encodeFunctionData({ abi: mintAbi, functionName: "mint", args: [to, amountUsdMicros] });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await sendAs(client, LOCAL_MINTER, { to: USDC[chainId], data })).transactionHash;
    } catch (error) {
      if (attempt === TRIES || !isNonceTaken(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
