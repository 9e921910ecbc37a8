import { describe, expect, test } from "vitest";
import { JUICEBOX, USDC } from "@/lib/chain/addresses";
import type { TokenPart } from "@/lib/payments/rules";
import type { OperationFact, TransferFact } from "./facts";
import { LandedParts, paidInOf } from "./payment-proof";

const PAYER = "0x00000000000000000000000000000000000000aa";
const SHOP = "0x00000000000000000000000000000000000000bb";
const NOBODY = `0x${"00".repeat(20)}`;
const OWN = "0x00000000000000000000000000000000000000c1";
const OTHER = "0x00000000000000000000000000000000000000c2";
const place = { blockNumber: 1n, blockHash: "0xb", txHash: "0xt", logIndex: 0 };
const fact: OperationFact = { ...place, userOpHash: "0xo", sender: PAYER, nonceKey: 1n, success: true, reason: null };
const transfer = (logIndex: number, token: string, from: string, to: string, amountUnits: bigint, txHash = "0xt"): TransferFact => ({ ...place, txHash, logIndex, token, from, to, amountUnits });
const own: TokenPart = { token_address: OWN, amount: "70", amount_usd: "0.070000", store_id: "shop" };
const other: TokenPart = { token_address: OTHER, amount: "500", amount_usd: "0.500000", store_id: "other" };
const dollars: TokenPart = { token_address: USDC["84532"], amount: "430000", amount_usd: "0.430000", store_id: null };
const paid = { amount_usd: "1.000000", store_id: "shop", tokens_used: [own, other, dollars] };

describe("the hand-over of a store's own rewards", () => {
  const landed = (...transfers: TransferFact[]) => new LandedParts("84532", transfers).takeTransfer(fact, own, SHOP);
  test("is exactly these tokens, from the payer to the store, in the operation's transaction", () => {
    expect(landed(transfer(1, OWN, PAYER, SHOP, 70n))).toBe(true);
    expect(landed()).toBe(false);
    expect(landed(transfer(1, OWN, PAYER, SHOP, 69n))).toBe(false);
    expect(landed(transfer(1, OWN, PAYER, SHOP, 71n))).toBe(false);
    expect(landed(transfer(1, OTHER, PAYER, SHOP, 70n))).toBe(false);
    expect(landed(transfer(1, OWN, PAYER, NOBODY, 70n))).toBe(false);
    expect(landed(transfer(1, OWN, SHOP, PAYER, 70n))).toBe(false);
    expect(landed(transfer(1, OWN, PAYER, SHOP, 70n, "0xelsewhere"))).toBe(false);
  });

  test("proves one payment, not two", () => {
    const parts = new LandedParts("84532", [transfer(1, OWN, PAYER, SHOP, 70n)]);
    expect([parts.takeTransfer(fact, own, SHOP), parts.takeTransfer(fact, own, SHOP)]).toEqual([true, false]);
  });
});

test("what is paid in is the price without the store's own rewards", () => {
  expect(paidInOf(paid)).toBe(930_000n);
  expect(paidInOf({ ...paid, tokens_used: [dollars] })).toBe(1_000_000n);
  expect(paidInOf({ ...paid, tokens_used: null })).toBe(1_000_000n);
});

describe("what a cash-out brought above its share", () => {
  const surplusOf = (...transfers: TransferFact[]) => new LandedParts("84532", transfers).withSurplus(fact, paid)?.map((part) => part.surplus_usd ?? null);
  const burn = transfer(3, OTHER, PAYER, NOBODY, 500n);
  const terminal = (logIndex: number, amount: bigint) => transfer(logIndex, USDC["84532"], JUICEBOX.multiTerminal, PAYER, amount);
  test("is the terminal's dollars behind the burn, and nothing where they are its share", () => {
    expect(surplusOf(burn, terminal(4, 500_000n))).toEqual([null, null, null]);
    expect(surplusOf(burn, terminal(4, 505_001n))).toEqual([null, "0.005001", null]);
    expect(surplusOf(terminal(2, 900_000n), burn, terminal(4, 505_001n))).toEqual([null, "0.005001", null]);
    expect(surplusOf(burn, transfer(4, USDC["84532"], SHOP, PAYER, 900_000n))).toEqual([null, null, null]);
  });
  test("a stale one is forgotten, and payments without other stores keep their row", () => {
    const stale = { ...paid, tokens_used: [own, { ...other, surplus_usd: "9.000000" }, dollars] };
    expect(new LandedParts("84532", [burn, terminal(4, 500_000n)]).withSurplus(fact, stale)).toEqual([own, other, dollars]);
    expect(new LandedParts("84532", []).withSurplus(fact, { ...paid, tokens_used: [own, dollars] })).toBeNull();
  });
});
