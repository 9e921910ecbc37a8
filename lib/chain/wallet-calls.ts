import { decodeFunctionResult, encodeFunctionData, type Address, type Hex } from "viem";
import { erc20Abi } from "./abis";
import type { Call } from "./account";
import { JUICEBOX, USDC } from "./addresses";
import type { ChainId } from "./chains";

/** What a page asks a chain about a wallet, and what a wallet is asked to send. Pure: the browser builds it from what it shows. */

type Question = { to: Address; data: Hex };

export const balanceQuestion = (token: Address, holder: Address): Question => ({ to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [holder] }) });
export const dollarsQuestion = (chainId: ChainId, holder: Address): Question => balanceQuestion(USDC[chainId], holder);

/** How much the terminal may take from a wallet. */
export const allowanceQuestion = (chainId: ChainId, holder: Address): Question => ({
  to: USDC[chainId],
  data: encodeFunctionData({ abi: erc20Abi, functionName: "allowance", args: [holder, JUICEBOX.multiTerminal] }),
});

/** The number that such a question is answered with. */
export const unitsOfAnswer = (data: Hex): bigint => decodeFunctionResult({ abi: erc20Abi, functionName: "balanceOf", data });

/** The call of a holder that sends tokens of a store to somebody. */
export const transferTokensCall = (token: Address, to: Address, units: bigint): Call => ({ to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, units] }) });
