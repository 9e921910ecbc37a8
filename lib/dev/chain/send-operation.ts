import type { Address, Hex } from "viem";
import { encodeExecute, factoryData, predictAccountAddress, type AccountOrigin, type Call } from "@/lib/chain/account";
import type { ChainId } from "@/lib/chain/chains";
import { estimateOperationGas } from "@/lib/chain/estimate-operation";
import { suggestFees } from "@/lib/chain/fees";
import { addressOfKey } from "@/lib/chain/keys";
import { nextBlockTime } from "@/lib/chain/next-block";
import { isDeployed, minedNonce, receiptOf, sendRawTransaction, signBundle, type Receipt } from "@/lib/chain/operator";
import { paymasterAddress, signSponsorship, SPONSORSHIP_SECONDS } from "@/lib/chain/paymaster";
import { buildOperation, parseOperationEvents, signOperation, type OperationEvent, type SignedOperation } from "@/lib/chain/user-operation";
import { newId } from "@/lib/ids";

const RECEIPT_POLL_MS = 20;
const RECEIPT_TIMEOUT_MS = 30_000;

export type LocalOperation = {
  chainId: ChainId;
  origin: AccountOrigin;
  ownerKey: Uint8Array;
  calls: Call[];
  paymasterSignerKey: Hex;
  operationId?: string;
};

/** Builds, sponsors and signs one operation on a local chain, for sample data, tests and benchmarks. Throws when its calls revert. */
export async function prepareOperation({ chainId, origin, ownerKey, calls, paymasterSignerKey, operationId = newId() }: LocalOperation): Promise<SignedOperation> {
  const sender: Address = predictAccountAddress(origin);
  const callData = encodeExecute(calls);
  const creation = (await isDeployed(chainId, sender)) ? {} : { factoryData: factoryData(origin) };
  const [estimate, fees, now] = await Promise.all([estimateOperationGas({ chainId, sender, ...creation, callData }), suggestFees(chainId), nextBlockTime(chainId)]);
  if (estimate.status === "reverts") throw new Error(`The operation would revert: ${estimate.reason}`);
  const unsigned = buildOperation({
    operationId, sender, callData, fees, gas: estimate.gas, paymaster: paymasterAddress(chainId), ...creation,
  });
  const op = await signSponsorship({ chainId, op: unsigned, signerKey: paymasterSignerKey, validUntil: now + SPONSORSHIP_SECONDS });
  return signOperation({ op, chainId, privateKey: ownerKey, signer: addressOfKey(ownerKey) });
}

/** Sends prepared operations of different senders in one bundle and waits until it is mined. Throws when the bundle reverts. */
export async function sendBundle(chainId: ChainId, operatorKey: Hex, operations: SignedOperation[]): Promise<{ receipt: Receipt; events: OperationEvent[] }> {
  const operator = addressOfKey(operatorKey);
  const ops = operations.map(({ op }) => op);
  const [nonce, fees] = await Promise.all([minedNonce(chainId, operator), suggestFees(chainId)]);
  const { raw, hash } = await signBundle({ chainId, operatorKey, operator, nonce, fees, ops });
  await sendRawTransaction(chainId, raw);
  const deadline = Date.now() + RECEIPT_TIMEOUT_MS;
  for (;;) {
    const receipt = await receiptOf(chainId, hash);
    if (receipt && !receipt.isSuccess) throw new Error(`The local bundle ${hash} reverted`);
    if (receipt) return { receipt, events: parseOperationEvents(receipt.logs) };
    if (Date.now() > deadline) throw new Error(`The local bundle ${hash} was not mined`);
    await new Promise((resolve) => setTimeout(resolve, RECEIPT_POLL_MS));
  }
}
