import { randomUUID } from "node:crypto";
import { decimalFromUnits } from "@/lib/avenia/decimals";
import { holderOf } from "../pix/directory";
import { endToEndId } from "../pix/end-to-end";
import { tell } from "./deliver";
import type { Deposit, Payout, SubAccount } from "./state";
import { aside, nowText, paced, pauseWhileOpen, type World } from "./world";

/** The ISPB that this provider pays from. */
const OWN_ISPB = "99999004";

/** Moves an account's dollars; the ledger adds up the records beside it. */
export function addToBalance(account: SubAccount, units: bigint) {
  const balance = BigInt(account.balance ?? "0") + units;
  if (balance < 0n) throw new Error("A balance below zero");
  account.balance = balance.toString();
}

/** A payout as the provider shows it. */
export const payoutJson = (payout: Payout) => ({
  id: payout.id, status: payout.status, externalId: payout.externalId, reason: payout.status === "ON-HOLD" ? "COMPLIANCE-REVIEW" : "", failureReason: payout.failureReason,
  createdAt: payout.createdAt, updatedAt: payout.updatedAt,
  quote: { inputCurrency: "USDC", inputPaymentMethod: "INTERNAL", inputAmount: decimalFromUnits(BigInt(payout.input), 6), outputCurrency: "BRL", outputPaymentMethod: "PIX", outputAmount: decimalFromUnits(BigInt(payout.output), 2), appliedFees: payout.fees },
  brazilianFiatReceiverInfo: { ticketId: payout.id, pixKey: payout.pixKey, endToEndId: payout.endToEndId, name: payout.receiver.name, taxId: payout.receiver.maskedDocument },
  brlPixOutputInfo: { ticketId: payout.id, pixMessage: payout.message },
  blockchainSenderInfo: { ticketId: payout.id, walletAddress: "", txHash: "" },
});

/** A deposit as the provider shows it: also a ticket, without an id of ours. */
export const depositJson = (deposit: Deposit) => ({
  id: deposit.id, status: "PAID", externalId: "", reason: "", failureReason: "", createdAt: deposit.createdAt, updatedAt: deposit.createdAt,
  quote: { inputCurrency: "USDC", inputPaymentMethod: "BASE", inputAmount: decimalFromUnits(BigInt(deposit.units), 6), outputCurrency: "USDC", outputPaymentMethod: "INTERNAL", outputAmount: decimalFromUnits(BigInt(deposit.units), 6) },
  blockchainSenderInfo: { ticketId: deposit.id, walletAddress: deposit.from, txHash: deposit.txHash },
});

function say(world: World, payout: Payout, ...types: string[]) {
  for (const type of types) tell(world, { subscription: "TICKET", type, subAccountId: payout.subAccountId, data: { ticket: payoutJson(payout) } });
}

function change(world: World, payout: Payout, to: Partial<Payout>) {
  Object.assign(payout, to, { updatedAt: nowText() });
  world.save();
}

function giveBack(world: World, payout: Payout) {
  const account = world.state.subAccounts.find(({ id }) => id === payout.subAccountId);
  if (!account) throw new Error("A payout without its account");
  addToBalance(account, BigInt(payout.input));
}

type Step = { afterMs: number; isByHand?: boolean; run: (world: World, payout: Payout) => void };

const deposited: Step = {
  afterMs: 300,
  run: (world, payout) => {
    change(world, payout, { status: "PROCESSING" });
    say(world, payout, "DEPOSIT-PROCESSING", "DEPOSIT-SUCCESS");
  },
};
const delivering: Step = { afterMs: 1_200, run: (world, payout) => say(world, payout, "DELIVERY-PROCESSING") };
const paid = (afterMs: number, isByHand = false): Step => ({
  afterMs,
  isByHand,
  run: (world, payout) => {
    change(world, payout, { status: "PAID", endToEndId: endToEndId("E", OWN_ISPB) });
    world.buckets.get(payout.subAccountId)?.give(1);
    say(world, payout, "DELIVERY-SUCCESS", "TICKET-COMPLETE");
  },
});
const held: Step = {
  afterMs: 1_000,
  run: (world, payout) => {
    change(world, payout, { status: "ON-HOLD" });
    say(world, payout, "DELIVERY-PROCESSING");
  },
};
const failed = (failureReason: string): Step => ({
  afterMs: 1_000,
  run: (world, payout) => {
    giveBack(world, payout);
    change(world, payout, { status: "FAILED", failureReason });
    say(world, payout, "DELIVERY-FAILED", "TICKET-COMPLETE");
  },
});
const returned: Step = {
  afterMs: 3_000,
  run: (world, payout) => {
    giveBack(world, payout);
    change(world, payout, { status: "PARTIAL-FAILED", failureReason: "PIX-RETURNED", returnId: endToEndId("D", holderOf(payout.pixKey)?.ispb ?? OWN_ISPB) });
    say(world, payout, "DELIVERY-FAILED", "TICKET-COMPLETE");
  },
};

/** What happens to a payout, in turn. */
const PLANS: Record<Payout["fate"], Step[]> = {
  pay: [deposited, delivering, paid(1_000)],
  slow: [deposited, delivering, paid(60_000)],
  held: [deposited, held, paid(0, true)],
  fail: [deposited, delivering, failed("PIX-KEY-NOT-FOUND")],
  unknown: [deposited, delivering, failed("PIX-KEY-NOT-FOUND")],
  return: [deposited, delivering, paid(1_000), returned],
};

const nextOf = (payout: Payout): Step | undefined => PLANS[payout.fate][payout.step];

function take(world: World, payout: Payout, step: Step) {
  payout.step += 1;
  step.run(world, payout);
}

/** Goes on at the world's pace until it is over, or waits for somebody's hand. */
async function runOn(world: World, payout: Payout): Promise<void> {
  for (let step = nextOf(payout); step && !step.isByHand; step = nextOf(payout)) {
    const at = payout.step;
    await pauseWhileOpen(world, paced(world, step.afterMs));
    // Somebody moved it meanwhile, or wants to from now on.
    if (world.isClosed || world.isByHand || payout.step !== at) return;
    take(world, payout, step);
  }
}

export function goOn(world: World, payout: Payout) {
  if (!world.isByHand) aside(world, runOn(world, payout));
}

/** One step further by hand: what was held is let go, what is by hand moves. Answers how many moved. */
export function advance(world: World, ticketId: string | null): number {
  const chosen = world.state.payouts.filter((payout) => (ticketId === null || payout.id === ticketId) && nextOf(payout) && (world.isByHand || nextOf(payout)?.isByHand));
  for (const payout of chosen) {
    const step = nextOf(payout);
    if (!step) continue;
    take(world, payout, step);
    goOn(world, payout);
  }
  return chosen.length;
}

/** After a restart, or when the hand lets go. */
export function resumePayouts(world: World) {
  for (const payout of world.state.payouts) if (nextOf(payout)) goOn(world, payout);
}

/** Puts dollars that came on their account's balance, once for each place on the chain. Answers whether they were new. */
export function credit(world: World, account: SubAccount, input: { place: string; txHash: string; from: string; amountUsdMicros: bigint }): boolean {
  if (input.amountUsdMicros <= 0n || world.state.deposits.some(({ place }) => place === input.place)) return false;
  const deposit: Deposit = { id: randomUUID(), subAccountId: account.id, place: input.place, txHash: input.txHash, from: input.from, units: input.amountUsdMicros.toString(), createdAt: nowText() };
  world.state.deposits.push(deposit);
  addToBalance(account, input.amountUsdMicros);
  world.save();
  for (const type of ["TICKET-CREATED", "DEPOSIT-PROCESSING", "DEPOSIT-SUCCESS", "TICKET-COMPLETE"]) tell(world, { subscription: "TICKET", type, subAccountId: account.id, data: { ticket: depositJson(deposit) } });
  return true;
}
