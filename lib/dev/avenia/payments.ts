import { tell } from "./deliver";
import type { Attempt, KycPart, Ticket, Verdict } from "./state";
import { aside, nowText, pause, type World } from "./world";

/** What somebody at the bank's app may do with a code. */
export const PAY_WAYS = ["exact", "less", "twice", "late", "refused", "held", "expire", "release"] as const;
export type PayWay = (typeof PAY_WAYS)[number];

const EXPIRED_MS = 120_000;

const isOver = (ticket: Ticket) => Date.now() > Date.parse(ticket.expiration);

function change(world: World, ticket: Ticket, to: Partial<Ticket>) {
  Object.assign(ticket, to, { updatedAt: nowText() });
  world.save();
}

const say = (world: World, ticket: Ticket, type: string) => tell(world, { subscription: "TICKET", type, subAccountId: ticket.subAccountId, data: { ticket: ticketJson(ticket) } });

/** A ticket as the provider shows it. */
export const ticketJson = (ticket: Ticket) => ({
  id: ticket.id, status: ticket.status, externalId: ticket.externalId, reason: "", failureReason: ticket.failureReason, createdAt: ticket.createdAt, updatedAt: ticket.updatedAt, expiration: ticket.expiration,
  brlPixInputInfo: { ticketId: ticket.id, brCode: ticket.brCode, additionalData: "" },
  blockchainReceiverInfo: { ticketId: ticket.id, walletChain: "BASE", walletAddress: ticket.walletAddress, txHash: ticket.txHash },
});

/** Carries out one way of paying. What takes time goes on aside. */
export function pay(world: World, ticket: Ticket, way: PayWay) {
  switch (way) {
    case "expire":
      if (ticket.status === "UNPAID") change(world, ticket, { expiration: new Date(Date.now() - EXPIRED_MS).toISOString() });
      return say(world, ticket, "TICKET-COMPLETE");
    case "late":
      change(world, ticket, { expiration: new Date(Date.now() - EXPIRED_MS).toISOString() });
      return deposit(world, ticket);
    case "less":
      return refuse(world, ticket, "UNDERPAID-DEPOSIT-RETURNED");
    case "refused":
      return refuse(world, ticket, "PAYER-NOT-ALLOWED");
    case "held":
      if (ticket.status !== "UNPAID") return;
      change(world, ticket, { status: "ON-HOLD" });
      return say(world, ticket, "DEPOSIT-PROCESSING");
    case "release":
      if (ticket.status !== "ON-HOLD") return;
      return aside(world, convert(world, ticket));
    case "twice":
      deposit(world, ticket);
      return deposit(world, ticket);
    case "exact":
      return deposit(world, ticket);
  }
}

function deposit(world: World, ticket: Ticket) {
  if (ticket.status === "FAILED") return say(world, ticket, "DEPOSIT-FAILED");
  if (ticket.status !== "UNPAID") {
    // The second one goes back; the ticket says so and keeps its status.
    change(world, ticket, { failureReason: "DUPLICATED-DEPOSIT-RETURNED" });
    return say(world, ticket, "DEPOSIT-FAILED");
  }
  if (isOver(ticket)) return refuse(world, ticket, "DEPOSIT-AFTER-EXPIRATION");
  return aside(world, convert(world, ticket));
}

function refuse(world: World, ticket: Ticket, failureReason: string) {
  if (ticket.status !== "UNPAID") return;
  change(world, ticket, { status: "FAILED", failureReason });
  say(world, ticket, "DEPOSIT-FAILED");
  say(world, ticket, "TICKET-COMPLETE");
}

async function convert(world: World, ticket: Ticket) {
  change(world, ticket, { status: "PENDING" });
  say(world, ticket, "DEPOSIT-PROCESSING");
  await pause(world.stepMs);
  change(world, ticket, { status: "PROCESSING" });
  say(world, ticket, "DEPOSIT-SUCCESS");
  await pause(world.stepMs);
  say(world, ticket, "DELIVERY-PROCESSING");
  await deliverDollars(world, ticket);
}

async function deliverDollars(world: World, ticket: Ticket) {
  const txHash = await world.options.mint({ to: ticket.walletAddress, amountUsdMicros: BigInt(ticket.outputUnits) });
  change(world, ticket, { status: "PAID", txHash });
  say(world, ticket, "DELIVERY-SUCCESS");
  say(world, ticket, "TICKET-COMPLETE");
}

/** A restart finds tickets that were on their way: they go on. One whose mint may have been sent is left to a person. */
export function resume(world: World) {
  for (const ticket of world.state.tickets) if (ticket.status === "PENDING") aside(world, convert(world, ticket));
}

export const attemptJson = (attempt: Attempt) => ({
  id: attempt.id, levelName: "level-1", status: attempt.status, result: attempt.result, resultMessage: attempt.resultMessage, retryable: attempt.retryable, createdAt: attempt.createdAt, updatedAt: attempt.updatedAt,
});

/**
 * The provider's judgement of a page. A company's attempt waits until both of its pages are done, is refused with either and approved with both; that much is
 * all that the interface tells. An account whose name holds "Fail" is never approved.
 */
export function judge(world: World, attempt: Attempt, verdict: Verdict, part: KycPart = "company") {
  if (attempt.status === "COMPLETED") return;
  const account = world.state.subAccounts.find(({ id }) => id === attempt.subAccountId);
  if (attempt.parts) attempt.parts[part] = verdict;
  const verdicts = attempt.parts ? Object.values(attempt.parts) : [verdict];
  const isRejected = verdicts.includes("reject");
  if (!isRejected && verdicts.includes(null)) return world.save();
  const isApproved = !isRejected && !/\bfail\b/i.test(account?.name ?? "");
  Object.assign(attempt, { status: "PROCESSING", updatedAt: nowText() });
  world.save();
  const announce = () => tell(world, { subscription: "KYC", type: "KYC", subAccountId: attempt.subAccountId, data: { attempt: attemptJson(attempt) } });
  announce();
  if (!isRejected && verdicts.includes("wait")) return;
  const settle = async () => {
    await pause(world.stepMs);
    Object.assign(attempt, { status: "COMPLETED", result: isApproved ? "APPROVED" : "REJECTED", resultMessage: isApproved ? "" : "name does not match", updatedAt: nowText() });
    if (account && isApproved) account.isIdentified = true;
    world.save();
    announce();
  };
  aside(world, settle());
}
