import "server-only";
import { withSigningKey } from "@/lib/accounts/with-signing-key";
import { encodeExecute, factoryData } from "@/lib/chain/account";
import type { Address, Hex } from "@/lib/chain/addresses";
import { isChainUnreachable } from "@/lib/chain/clients";
import { estimateOperationGas } from "@/lib/chain/estimate-operation";
import { isDeployed } from "@/lib/chain/operator";
import { paymasterAddress, signSponsorship, SPONSORSHIP_SECONDS } from "@/lib/chain/paymaster";
import { buildOperation, operationHash, serializeOperation, signOperation, type StoredOperation } from "@/lib/chain/user-operation";
import { workerEnv } from "@/lib/env";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { isRefusedAtSigning } from "@/lib/limits/rules";
import { log } from "@/lib/log";
import type { ChainConditions } from "./chain-conditions";
import { operationCalls, type OperationSubject } from "./operation-calls";

export type QueuedOperation = OperationSubject & {
  holder: { userId: string } | { storeId: string };
  initialOwner: string;
  salt: string;
  /** What the follower knows; false may be old. */
  isDeployed: boolean;
  /** Who signs: the server's key, or the person's own once the account is the person's alone on this chain. */
  signedBy: "server" | "owner";
};

export type SigningResult =
  | { status: "signed"; stored: StoredOperation; hash: Hex; validUntil: Date }
  /** Sponsored, without a signature: it waits for its owner's. */
  | { status: "prepared"; stored: StoredOperation; hash: Hex; validUntil: Date }
  /** The revnet has not started on this chain: wait so many seconds of its time. */
  | { status: "not_started"; seconds: number }
  | { status: "reverts"; reason: string }
  /** A limit or a frozen account forbids it, and will at the next try. */
  | { status: "refused"; code: ErrorCode }
  /** The node could not be asked; nothing is known. */
  | { status: "unreachable" }
  /** A fault of ours (a key that does not open, a broken assumption): in the log, and tried again. */
  | { status: "broken" };

/**
 * Builds, simulates and sponsors one operation, and signs it where the server's key is the account's; sends nothing and writes
 * nothing. The sponsorship ends 120 seconds of chain time after the next block, so that an operation that did not land by then never can.
 */
export async function signQueued(operation: QueuedOperation, { fees, nextBlockTime }: ChainConditions): Promise<SigningResult> {
  const { id, chainId } = operation;
  const sender = operation.sender as Address;
  try {
    const { calls, startsAt } = await operationCalls(operation);
    const startsIn = startsAt ? Math.ceil(startsAt.getTime() / 1000) - nextBlockTime : 0;
    if (startsIn > 0) return { status: "not_started", seconds: startsIn };

    const callData = encodeExecute(calls);
    const hasCode = operation.isDeployed || (await isDeployed(chainId, sender));
    const creation = hasCode ? {} : { factoryData: factoryData({ initialOwner: operation.initialOwner as Address, salt: operation.salt as Hex }) };
    const estimate = await estimateOperationGas({ chainId, sender, callData, ...creation, isSignedByOwner: operation.signedBy === "owner" });
    if (estimate.status === "reverts") return estimate;

    const unsigned = buildOperation({ operationId: id, sender, callData, gas: estimate.gas, fees, paymaster: paymasterAddress(chainId), ...creation });
    const validUntil = nextBlockTime + SPONSORSHIP_SECONDS;
    const sponsored = await signSponsorship({ chainId, op: unsigned, signerKey: workerEnv().PAYMASTER_SIGNER_KEY as Hex, validUntil });
    const until = { validUntil: new Date(validUntil * 1000) };
    if (operation.signedBy === "owner") return { status: "prepared", stored: serializeOperation(sponsored), hash: operationHash(chainId, sponsored), ...until };
    const { op, hash } = await withSigningKey(operation.holder, (privateKey, signer) => signOperation({ op: sponsored, chainId, privateKey, signer }));
    return { status: "signed", stored: serializeOperation(op), hash, ...until };
  } catch (error) {
    if (error instanceof DomainError) return isRefusedAtSigning(error.code) ? { status: "refused", code: error.code } : { status: "reverts", reason: error.code };
    if (isChainUnreachable(error)) return { status: "unreachable" };
    log().error({ err: error, operationId: id }, "operation could not be signed");
    return { status: "broken" };
  }
}
