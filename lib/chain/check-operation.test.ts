import { hashTypedData, recoverAddress } from "viem";
import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { encodeExecute, factoryData } from "./account";
import { ACCOUNT_FACTORY, ENTRY_POINT } from "./addresses";
import { mismatchOf, operationTypedData } from "./check-operation";
import { addressOfOwnerKey } from "./owner-key";
import { payCalls, paymentMemo, type PayInput } from "./pay";
import { signHash } from "./sign-hash";
import { buildOperation, operationHash, operationNonce, type UserOperation } from "./user-operation";

const operationId = newId();
const account = "0x1111111111111111111111111111111111111111";
const other = "0x2222222222222222222222222222222222222222";
const gas = { callGasLimit: 300_000n, verificationGasLimit: 60_000n, preVerificationGas: 50_000n, paymasterVerificationGasLimit: 40_000n, paymasterPostOpGasLimit: 1n };
const shown: PayInput = { chainId: "84532", projectId: 4, amountUsdMicros: 7_020_000n, beneficiary: account, memo: paymentMemo(operationId), minReturnedUnits: 351n };
const expected = { operationId, account, calls: payCalls(shown) } as const;
const op = buildOperation({ operationId, sender: account, callData: encodeExecute(payCalls(shown)), gas, fees: { maxFeePerGas: 2n, maxPriorityFeePerGas: 1n }, paymaster: other });

test("an operation that is what the screen shows is signed, also one that creates the account", () => {
  expect(mismatchOf(op, expected)).toBeNull();
  expect(mismatchOf({ ...op, factory: ACCOUNT_FACTORY, factoryData: factoryData({ initialOwner: other, salt: `0x${"1".repeat(64)}` }) }, expected)).toBeNull();
});

const otherPayment = (change: Partial<PayInput>): Partial<UserOperation> => ({ callData: encodeExecute(payCalls({ ...shown, ...change })) });
const extraCall = encodeExecute([...payCalls(shown), { to: other, data: "0x" }]);

test.each<[string, Partial<UserOperation>, string]>([
  ["another amount", otherPayment({ amountUsdMicros: 7_020_001n }), "calls"],
  ["another store", otherPayment({ projectId: 5 }), "calls"],
  ["somebody else's rewards", otherPayment({ beneficiary: other }), "calls"],
  ["fewer rewards", otherPayment({ minReturnedUnits: 350n }), "calls"],
  ["another payment's memo", otherPayment({ memo: paymentMemo(newId()) }), "calls"],
  ["another chain's dollars", otherPayment({ chainId: "11155420" }), "calls"],
  ["one call more", { callData: extraCall }, "calls"],
  ["one byte more", { callData: `${op.callData}00` }, "calls"],
  ["another account", { sender: other }, "sender"],
  ["another payment's nonce", { nonce: operationNonce(newId()) }, "nonce"],
  ["the nonce's next sequence, which could land a second time", { nonce: op.nonce + 1n }, "nonce"],
  ["another factory", { factory: other, factoryData: "0x" }, "creation"],
  ["nobody who pays for the gas", { paymaster: "0x0000000000000000000000000000000000000000" }, "gas_payer"],
])("%s is refused", (_name, change, mismatch) => {
  expect(mismatchOf({ ...op, ...change }, expected)).toBe(mismatch);
});

test("a wallet's typed data and a key's hash are the same signature, for this chain alone", async () => {
  const key = new Uint8Array(32).fill(7);
  const hash = operationHash("84532", op);
  expect(hashTypedData(operationTypedData("84532", op))).toBe(hash);
  expect(operationTypedData("84532", op).domain?.verifyingContract).toBe(ENTRY_POINT);
  expect(hashTypedData(operationTypedData("11155420", op))).not.toBe(hash);
  expect((await recoverAddress({ hash, signature: signHash(hash, key) })).toLowerCase()).toBe(addressOfOwnerKey(key));
});
