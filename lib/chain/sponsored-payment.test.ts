import { encodeFunctionData, getContract, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { prepareOperation, sendBundle } from "@/lib/dev/chain/send-operation";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { sendAs, warpTo } from "@/lib/dev/chain/anvil-client";
import { isId, newId } from "@/lib/ids";
import { accountAbi, erc20Abi } from "./abis";
import { accountSalt, encodeExecute, factoryData, predictAccountAddress, type AccountOrigin } from "./account";
import { ACCOUNT_FACTORY, JUICEBOX, USDC, ENTRY_POINT } from "./addresses";
import { estimateOperationGas } from "./estimate-operation";
import { addressOfKey, generateKey } from "./keys";
import { readLogs } from "./logs";
import { isDeployed, isNonceUsed, signBundle, simulateBundle, sendRawTransaction, receiptOf, minedNonce } from "./operator";
import { payCalls, paymentMemo, transactionIdOfMemo } from "./pay";
import { chainTime, nextProjectId, readRevnetState } from "./revnet-state";
import { deployRevnetCalls, distributeReservedCalls, expectedReward, rewardValueUsdMicros } from "./revnet";
import { suggestFees } from "./fees";
import { operationHash, operationNonce } from "./user-operation";
import { transferUsdcCall } from "./usdc";

const chainId = "84532";
const REWARD_RATE_BPS = 500;
const SALE_USD_MICROS = 7_000_000n;

type Holder = { origin: AccountOrigin; ownerKey: Uint8Array; address: Address };
function newHolder(): Holder {
  const { privateKey, address: initialOwner } = generateKey();
  const origin = { initialOwner, salt: accountSalt(newId()) };
  return { origin, ownerKey: privateKey, address: predictAccountAddress(origin) };
}

let chain: TestChain;
let operatorKey: Hex;
let store: Holder & { projectId: number; startsAt: number };

beforeAll(async () => {
  chain = await startTestChain({ chainId });
  operatorKey = chain.operatorKeys[0] ?? "0x";
  const holder = newHolder();
  const [projectId, now] = await Promise.all([nextProjectId(chainId), chainTime(chainId)]);
  const startsAt = now + 30;
  const calls = deployRevnetCalls({
    chainId, storeId: newId(), name: "Café da Praça", symbol: "CAFE", rewardRateBps: REWARD_RATE_BPS, storeAccount: holder.address, startsAt, nextProjectId: projectId, chainIds: ["84532", "11155420"],
  });
  await act(holder, calls);
  await warpTo(chain.client, startsAt);
  store = { ...holder, projectId, startsAt };
});
afterAll(() => chain.stop());

const prepare = ({ origin, ownerKey }: Holder, calls: Parameters<typeof encodeExecute>[0], operationId?: string) =>
  prepareOperation({ chainId, origin, ownerKey, calls: [...calls], paymasterSignerKey: chain.paymasterSignerKey, ...(operationId && { operationId }) });
async function act(holder: Holder, calls: Parameters<typeof encodeExecute>[0], operationId?: string) {
  return sendBundle(chainId, operatorKey, [await prepare(holder, calls, operationId)]);
}
async function newPayer(): Promise<Holder> {
  const payer = newHolder();
  await usdcFaucet({ client: chain.client, chainId, to: payer.address, amountUsdMicros: 25_000_000n });
  return payer;
}
const balanceOf = (token: Address, account: Address) => chain.client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [account] });
const saleCalls = (payer: Holder, transactionId: string, minReturnedUnits: bigint) =>
  payCalls({ chainId, projectId: store.projectId, amountUsdMicros: SALE_USD_MICROS, beneficiary: payer.address, memo: paymentMemo(transactionId), minReturnedUnits });

describe("a store opens by its own account's operation", () => {
  test("its split can't be turned away, its hook can't be replaced, and it isn't late", async () => {
    const state = await readRevnetState(chainId, store.projectId);
    expect(state).toMatchObject({
      isHookLocked: true,
      split: { beneficiary: store.address, isLocked: true },
      cashOutDelayUntil: 0,
      issuance: { unitsPerUsd: 1_000n * 10n ** 18n, rewardRateBps: REWARD_RATE_BPS },
    });
  });

  test("the batch reverts as a whole when another project got the id", async () => {
    const holder = newHolder();
    const calls = deployRevnetCalls({
      chainId, storeId: newId(), name: "Tarde", symbol: "TARDE", rewardRateBps: 500, storeAccount: holder.address, startsAt: (await chainTime(chainId)) + 30, nextProjectId: store.projectId, chainIds: [chainId],
    });
    const estimate = await estimateOperationGas({ chainId, sender: holder.address, factoryData: factoryData(holder.origin), callData: encodeExecute(calls) });
    expect(estimate).toMatchObject({ status: "reverts", reason: expect.stringContaining("JBPermissioned_Unauthorized") as string });
  });
});

describe("a sponsored first payment of an account that does not exist yet", () => {
  test("lands in one operation, and the reward is what was promised, to the unit", async () => {
    const payer = await newPayer();
    const transactionId = newId();
    const promised = expectedReward({ amountUsdMicros: SALE_USD_MICROS, rewardRateBps: REWARD_RATE_BPS, startsAt: store.startsAt, now: await chainTime(chainId) });
    const before = await readRevnetState(chainId, store.projectId);

    const { receipt, events } = await act(payer, saleCalls(payer, transactionId, promised), transactionId);

    expect(events).toMatchObject([{ sender: payer.address, paymaster: chain.paymaster, operationId: transactionId, success: true }]);
    expect(isId(transactionId)).toBe(true);
    expect(await balanceOf(USDC[chainId], payer.address)).toBe(25_000_000n - SALE_USD_MICROS);
    expect(await balanceOf(before.tokenAddress, payer.address)).toBe(promised);
    expect(await chain.client.getBalance({ address: payer.address })).toBe(0n);
    const after = await readRevnetState(chainId, store.projectId);
    expect(after.surplusUsdMicros - before.surplusUsdMicros).toBe(SALE_USD_MICROS);
    // The reward is worth the reward rate of the sale.
    expect(rewardValueUsdMicros({ units: promised, ...after })).toBe((SALE_USD_MICROS * BigInt(REWARD_RATE_BPS)) / 10_000n);

    const read = await readLogs({
      chainId, fromBlock: receipt.blockNumber, toBlock: receipt.blockNumber, accounts: [payer.address, store.address],
      projectIds: [store.projectId], tokens: [before.tokenAddress], paymaster: chain.paymaster,
    });
    expect(read.map(({ kind }) => kind)).toEqual(["signersChanged", "transfer", "transfer", "pay", "operation"]);
    expect(read).toEqual([...read].sort((a, b) => a.logIndex - b.logIndex));
    expect(read.find(({ kind }) => kind === "pay")).toMatchObject({ payer: payer.address, beneficiary: payer.address, amountUsdMicros: SALE_USD_MICROS, rewardUnits: promised, projectId: store.projectId });
    const pay = read.find((event) => event.kind === "pay");
    expect(pay?.kind === "pay" && transactionIdOfMemo(pay.memo)).toBe(transactionId);
  });

  test("with a least reward above what the contract gives, the calls revert and no money moves", async () => {
    const payer = await newPayer();
    const estimate = await estimateOperationGas({ chainId, sender: payer.address, factoryData: factoryData(payer.origin), callData: encodeExecute(saleCalls(payer, newId(), 10n ** 30n)) });
    expect(estimate).toMatchObject({ status: "reverts", reason: expect.stringContaining("JBMultiTerminal_UnderMinReturnedTokens") as string });
  });

  test("the store's share reaches its account by anybody's operation", async () => {
    await act(await newPayerWithSale(), [transferUsdcCall(chainId, store.address, 1n)]);
    const before = await readRevnetState(chainId, store.projectId);
    expect(before.pendingReservedUnits).toBeGreaterThan(0n);
    const { receipt } = await act(store, distributeReservedCalls(store.projectId));
    const after = await readRevnetState(chainId, store.projectId);
    expect(after.pendingReservedUnits).toBe(0n);
    expect(after.supplyUnits).toBe(before.supplyUnits);
    const read = await readLogs({ chainId, fromBlock: receipt.blockNumber, toBlock: receipt.blockNumber, accounts: [], projectIds: [store.projectId], tokens: [after.tokenAddress], paymaster: chain.paymaster });
    expect(read).toContainEqual(expect.objectContaining({ kind: "reservedDistributed", projectId: store.projectId, tokenUnits: before.pendingReservedUnits }));
    expect(read).toContainEqual(expect.objectContaining({ kind: "transfer", token: after.tokenAddress, to: store.address, amountUnits: before.pendingReservedUnits }));
  });
});

async function newPayerWithSale(): Promise<Holder> {
  const payer = await newPayer();
  await act(payer, saleCalls(payer, newId(), 0n));
  return payer;
}

describe("what the entry point and the paymaster refuse", () => {
  let payer: Holder;
  beforeEach(async () => {
    payer = await newPayer();
  });

  test("a sponsored bundle of an operator that isn't on the list", async () => {
    const { op } = await prepare(payer, saleCalls(payer, newId(), 0n));
    const stranger = generateKey().address;
    expect(await simulateBundle({ chainId, ops: [op], operator: stranger })).toMatchObject({ status: "refused", index: 0, reason: expect.stringContaining("AA33") as string });
    expect(await simulateBundle({ chainId, ops: [op], operator: addressOfKey(operatorKey) })).toEqual({ status: "ok" });
  });

  test("an operation after its sponsorship's time", async () => {
    const { op } = await prepare(payer, saleCalls(payer, newId(), 0n));
    await warpTo(chain.client, (await chainTime(chainId)) + 121);
    expect(await simulateBundle({ chainId, ops: [op], operator: addressOfKey(operatorKey) })).toMatchObject({ status: "refused", index: 0, reason: "AA32 paymaster expired or not due" });
  });

  test("a sponsorship that somebody else signed, or for other gas", async () => {
    const forged = await prepareOperation({ chainId, origin: payer.origin, ownerKey: payer.ownerKey, calls: saleCalls(payer, newId(), 0n), paymasterSignerKey: generatePrivateKey() });
    expect(await simulateBundle({ chainId, ops: [forged.op], operator: addressOfKey(operatorKey) })).toMatchObject({ status: "refused", reason: "AA34 signature error" });
    const honest = await prepare(payer, saleCalls(payer, newId(), 0n));
    expect(await simulateBundle({ chainId, ops: [{ ...honest.op, callGasLimit: 20_000_000n }], operator: addressOfKey(operatorKey) })).toMatchObject({ status: "refused", reason: expect.stringMatching(/AA(24|34)/) as string });
  });

  test("a key that isn't a signer of the account", async () => {
    const stolen = await prepareOperation({ chainId, origin: payer.origin, ownerKey: generateKey().privateKey, calls: saleCalls(payer, newId(), 0n), paymasterSignerKey: chain.paymasterSignerKey });
    expect(await simulateBundle({ chainId, ops: [stolen.op], operator: addressOfKey(operatorKey) })).toMatchObject({ status: "refused", reason: "AA24 signature error" });
  });

  test("the same payment twice: an operation built again has the same nonce", async () => {
    const transactionId = newId();
    const first = await prepare(payer, saleCalls(payer, transactionId, 0n), transactionId);
    const again = await prepare(payer, saleCalls(payer, transactionId, 1n), transactionId);
    expect(await isNonceUsed(chainId, payer.address, operationNonce(transactionId))).toBe(false);
    await sendBundle(chainId, operatorKey, [first]);
    expect(await isNonceUsed(chainId, payer.address, operationNonce(transactionId))).toBe(true);
    // The account is there now, so what is left of the second try is the nonce.
    const { factory: _factory, factoryData: _data, ...later } = again.op;
    expect(await simulateBundle({ chainId, ops: [later], operator: addressOfKey(operatorKey) })).toMatchObject({ status: "refused", index: 0, reason: "AA25 invalid account nonce" });
  });

  test("one bad operation is named by its place in the bundle", async () => {
    const others = [await newPayer(), await newPayer()];
    const [a, b] = await Promise.all(others.map((other) => prepare(other, saleCalls(other, newId(), 0n))));
    const bad = await prepareOperation({ chainId, origin: payer.origin, ownerKey: generateKey().privateKey, calls: saleCalls(payer, newId(), 0n), paymasterSignerKey: chain.paymasterSignerKey });
    if (!a || !b) throw new Error("two operations were prepared");
    const operator = addressOfKey(operatorKey);
    expect(await simulateBundle({ chainId, ops: [a.op, bad.op, b.op], operator })).toMatchObject({ status: "refused", index: 1, reason: "AA24 signature error" });
    const { events } = await sendBundle(chainId, operatorKey, [a, b]);
    expect(events.map(({ success }) => success)).toEqual([true, true]);
  });

  test("an operation whose calls fail on chain lands as failed, with its reason", async () => {
    const transfer = transferUsdcCall(chainId, store.address, 20_000_000n);
    const first = await prepare(payer, [transfer]);
    await sendBundle(chainId, operatorKey, [first]);
    // Prepared while the money was there, sent after it left.
    const second = await prepare(payer, [transferUsdcCall(chainId, store.address, 3_000_000n)]);
    const third = await prepare(payer, [transferUsdcCall(chainId, store.address, 4_000_000n)]);
    await sendBundle(chainId, operatorKey, [third]);
    const { receipt, events } = await sendBundle(chainId, operatorKey, [second]);
    expect(events).toMatchObject([{ success: false }]);
    const read = await readLogs({ chainId, fromBlock: receipt.blockNumber, toBlock: receipt.blockNumber, accounts: [payer.address], projectIds: [], tokens: [], paymaster: chain.paymaster });
    expect(read).toMatchObject([{ kind: "operation", success: false, revertReason: "ERC20: transfer amount exceeds balance" }]);
  });
});

describe("custody of an account", () => {
  test("signers change, the address stays, the old key is out; strangers and the last removal are refused", async () => {
    const holder = await newPayer();
    const next = generateKey();
    const self = (functionName: "addSigners" | "removeSigners", signers: Address[]) => ({ to: holder.address, data: encodeFunctionData({ abi: accountAbi, functionName, args: [signers] }) });
    await act(holder, [self("addSigners", [next.address]), self("removeSigners", [holder.origin.initialOwner])]);

    const account = getContract({ address: holder.address, abi: accountAbi, client: chain.client });
    expect((await account.read.getSigners([0n, 10n])).map((signer) => signer.toLowerCase())).toEqual([next.address]);
    const old = await prepare(holder, [transferUsdcCall(chainId, store.address, 1n)]);
    expect(await simulateBundle({ chainId, ops: [old.op], operator: addressOfKey(operatorKey) })).toMatchObject({ status: "refused", reason: "AA24 signature error" });
    await act({ ...holder, ownerKey: next.privateKey }, [transferUsdcCall(chainId, store.address, 1n)]);

    const last = await estimateOperationGas({ chainId, sender: holder.address, callData: encodeExecute([self("removeSigners", [next.address])]) });
    expect(last.status).toBe("reverts");
    await expect(sendAs(chain.client, operatorAddress(), self("addSigners", [operatorAddress()]))).rejects.toThrow();
  });

  test("anybody may create an account, but only for its own first signer, and twice is as good as once", async () => {
    const holder = newHolder();
    const create = { to: ACCOUNT_FACTORY, data: factoryData(holder.origin) };
    await sendAs(chain.client, operatorAddress(), create);
    await sendAs(chain.client, operatorAddress(), create);
    expect(await isDeployed(chainId, holder.address)).toBe(true);
    expect(await chain.client.readContract({ address: holder.address, abi: accountAbi, functionName: "isSigner", args: [holder.origin.initialOwner] })).toBe(true);
  });
});

const operatorAddress = () => privateKeyToAccount(operatorKey).address;

test("stored bytes can be sent again, and a used nonce is told apart", async () => {
  const payer = await newPayer();
  const prepared = await prepare(payer, [transferUsdcCall(chainId, store.address, 1n)]);
  const operator = addressOfKey(operatorKey);
  const [nonce, fees] = await Promise.all([minedNonce(chainId, operator), suggestFees(chainId)]);
  const signed = await signBundle({ chainId, operatorKey, operator, nonce, fees, ops: [prepared.op] });
  expect(await sendRawTransaction(chainId, signed.raw)).toBe("sent");
  expect(["known", "nonce_used"]).toContain(await sendRawTransaction(chainId, signed.raw));
  expect((await receiptOf(chainId, signed.hash))?.isSuccess).toBe(true);
  expect(await receiptOf(chainId, `0x${"ab".repeat(32)}`)).toBeNull();
  expect(prepared.hash).toBe(operationHash(chainId, prepared.op));
  expect([ENTRY_POINT, JUICEBOX.multiTerminal].every((address) => address === address.toLowerCase())).toBe(true);
});
