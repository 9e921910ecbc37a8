import { concat } from "viem";
import { toPackedUserOperation } from "viem/account-abstraction";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { newId } from "@/lib/ids";
import { paymasterAbi } from "./abis";
import { addressOfKey, generateKey } from "./keys";
import { paymasterAddress, signSponsorship, sponsorshipHash } from "./paymaster";
import { operationNonce, type UserOperation } from "./user-operation";

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain({ chainId: "84532" });
});
afterAll(() => chain.stop());

const operation = (changes: Partial<UserOperation> = {}): UserOperation => ({
  sender: generateKey().address,
  nonce: operationNonce(newId()),
  callData: "0x1234",
  callGasLimit: 300_000n,
  verificationGasLimit: 60_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000n,
  paymaster: chain.paymaster,
  paymasterVerificationGasLimit: 40_000n,
  paymasterPostOpGasLimit: 1n,
  paymasterData: "0x",
  signature: "0x",
  ...changes,
});

test("the hash that is signed here is the one that the contract computes", async () => {
  const factory = { factory: generateKey().address, factoryData: concat(["0x01", "0x02"]) };
  for (const changes of [{}, factory, { callGasLimit: 1n, nonce: 0n }]) {
    const op = await signSponsorship({ chainId: "84532", op: operation(changes), signerKey: chain.paymasterSignerKey, validUntil: 1_900_000_000 });
    const onChain = await chain.client.readContract({ address: chain.paymaster, abi: paymasterAbi, functionName: "getHash", args: [0, toPackedUserOperation(op)] });
    expect(sponsorshipHash("84532", op)).toBe(onChain);
    expect(sponsorshipHash("8453", op)).not.toBe(onChain);
  }
});

test("only allow-listed operators may submit: the mode byte is 0", async () => {
  const op = await signSponsorship({ chainId: "84532", op: operation(), signerKey: chain.paymasterSignerKey, validUntil: 1_900_000_000 });
  expect(op.paymasterData.slice(0, 4)).toBe("0x00");
});

test("the paymaster knows its signer and operators, has its deposit, and its address comes from the environment", async () => {
  const read = { address: chain.paymaster, abi: paymasterAbi } as const;
  const [operatorKey = "0x"] = chain.operatorKeys;
  expect(await chain.client.readContract({ ...read, functionName: "signers", args: [addressOfKey(chain.paymasterSignerKey)] })).toBe(true);
  expect(await chain.client.readContract({ ...read, functionName: "isBundlerAllowed", args: [addressOfKey(operatorKey)] })).toBe(true);
  expect(await chain.client.readContract({ ...read, functionName: "isBundlerAllowed", args: [generateKey().address] })).toBe(false);
  expect(await chain.client.readContract({ ...read, functionName: "getDeposit" })).toBeGreaterThan(0n);
  expect(paymasterAddress("84532")).toBe(chain.paymaster);
  expect(() => paymasterAddress("10")).toThrow("PAYMASTER_ADDRESS_10");
});
