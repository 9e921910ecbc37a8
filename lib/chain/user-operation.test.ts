import { encodeAbiParameters, encodeErrorResult, encodeEventTopics, type Log } from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { ENTRY_POINT } from "./addresses";
import { paymentMemo, transactionIdOfMemo } from "./pay";
import { buildOperation, decodeFailedOp, decodeFailedOpData, operationIdOfNonce, operationNonce, parseOperation, parseOperationEvents, serializeOperation } from "./user-operation";

const gas = { callGasLimit: 300_000n, verificationGasLimit: 60_000n, preVerificationGas: 50_000n, paymasterVerificationGasLimit: 40_000n, paymasterPostOpGasLimit: 1n };
const fees = { maxFeePerGas: 2n ** 70n, maxPriorityFeePerGas: 1n };
const sender = "0x1111111111111111111111111111111111111111";

test("an operation keeps its contents through the database's json, with and without a factory", () => {
  for (const factoryData of [undefined, "0xabcd"] as const) {
    const op = buildOperation({ operationId: newId(), sender, callData: "0x1234", gas, fees, paymaster: ENTRY_POINT, ...(factoryData && { factoryData }) });
    expect(parseOperation(JSON.parse(JSON.stringify(serializeOperation(op))))).toEqual(op);
  }
});

test("anything else in the column is refused", () => {
  expect(() => parseOperation({})).toThrow();
  expect(() => parseOperation({ ...serializeOperation(buildOperation({ operationId: newId(), sender, callData: "0x", gas, fees, paymaster: ENTRY_POINT })), nonce: "1; DROP" })).toThrow();
});

test("a nonce names its row and a memo its transaction", () => {
  const id = newId();
  expect(operationIdOfNonce(operationNonce(id))).toBe(id);
  expect(operationIdOfNonce(operationNonce("00000000-0000-7000-8000-000000000001"))).toBe("00000000-0000-7000-8000-000000000001");
  expect(operationNonce(id) % 2n ** 64n).toBe(0n);
  expect(transactionIdOfMemo(paymentMemo(id))).toBe(id);
  for (const memo of ["", "coco:", `coco:${id}`, `${paymentMemo(id)}0`, paymentMemo(id).toUpperCase()]) expect(transactionIdOfMemo(memo)).toBeNull();
});

test("the entry point's refusals are read, other errors are not", () => {
  const failed = encodeErrorResult({ abi: entryPoint08Abi, errorName: "FailedOp", args: [3n, "AA25 invalid account nonce"] });
  expect(decodeFailedOpData(failed)).toEqual({ index: 3, reason: "AA25 invalid account nonce" });
  const reverted = encodeErrorResult({ abi: entryPoint08Abi, errorName: "FailedOpWithRevert", args: [1n, "AA33 reverted", "0x"] });
  expect(decodeFailedOpData(reverted)).toEqual({ index: 1, reason: "AA33 reverted: reverted without a reason" });
  expect(decodeFailedOpData("0x12345678")).toBeNull();
  expect(decodeFailedOp(new Error("socket hang up"))).toBeNull();
});

test("an operation's event counts only from the entry point", () => {
  const topics = encodeEventTopics({ abi: entryPoint08Abi, eventName: "UserOperationEvent", args: { userOpHash: `0x${"ab".repeat(32)}`, sender, paymaster: sender } });
  const data = encodeAbiParameters([{ type: "uint256" }, { type: "bool" }, { type: "uint256" }, { type: "uint256" }], [operationNonce(newId()), true, 1n, 1n]);
  const log = { address: ENTRY_POINT, topics, data, blockHash: null, blockNumber: null, blockTimestamp: 0n, logIndex: 0, transactionHash: null, transactionIndex: 0, removed: false } as unknown as Log;
  expect(parseOperationEvents([log])).toMatchObject([{ sender, success: true }]);
  expect(parseOperationEvents([{ ...log, address: sender }])).toEqual([]);
});
