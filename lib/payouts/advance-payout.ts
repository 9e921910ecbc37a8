import "server-only";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { consolidations, payoutAccounts, payoutReceipts, transactions, userOperations } from "@/db/schema";
import { invariant } from "@/lib/errors";
import { enqueue } from "@/lib/jobs/enqueue";
import { changeState, keepPayout, lockPayout, type PayoutRow } from "./change-state";
import { isThirdParty } from "./price-dollars";
import { ProviderError, type PayoutProvider, type ProviderTicket } from "./provider";
import { payoutProvider } from "./providers";
import { isOpen, type PayoutState, type ProviderDestination } from "./rules";

/** A price lives fifteen seconds at the partner, so an order that is still on its way can no longer be taken after these. */
const LANDED_BY_MS = 30_000;
/** Shortly again, for somebody who waits in front of the page; the watch of each minute looks after the rest. */
const AGAIN_MS = 2_000;
/** From then on the watch alone looks. */
const EAGER_MS = 10 * 60_000;
/** A deposit that takes longer than this to be credited is called late. */
const CREDIT_LATE_MS = 10 * 60_000;
const MESSAGE = "CocoPay";

/** What a payout needs of its partner. */
type At = { provider: PayoutProvider; accountId: string };

/**
 * Takes a payout one step on, from its row alone: funding, credit at the partner, a fresh price, the order, its outcome. That the partner will be asked to pay is
 * written down before; after a lost answer the order is looked for by our own id and nothing is asked again until it can no longer arrive. Below
 * the least that was promised it stops for the owner's word, with the dollars in the store's account at the partner.
 * Worker only, safe to repeat at any point. A partner that is away changes nothing but the reason on the screen.
 */
export async function advancePayout(payoutId: string, now = new Date()): Promise<void> {
  const row = await db.transaction((tx) => lockPayout(tx, payoutId));
  if (!row) return;
  if (row.state === "requested") await noteFunding(row);
  if (row.state === "requested" || row.state === "funding") return again(row, now);
  if (!row.provider) return;
  const at = await partnerOf(row);
  try {
    if (row.state === "funded") await order(at, row, now);
    else if (row.state === "submitted") await lookFor(at, row, now);
    else if (row.externalId && ["processing", "on_hold", "completed"].includes(row.state)) await applyTicket(row.id, row.submissionId, await at.provider.read(at.accountId, row.externalId));
    if (row.externalId && row.state === "completed") await keepReceipt(at, row.id, row.externalId);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await db.transaction(async (tx) => {
      const locked = await lockPayout(tx, payoutId);
      if (locked && locked.state === row.state) await keepPayout(tx, locked, { problem: "partner_away" });
    });
  }
  await again(row, now);
}

async function partnerOf(row: PayoutRow): Promise<At> {
  invariant(row.provider, "reais have a partner");
  const [account] = await db.select({ accountId: payoutAccounts.accountId }).from(payoutAccounts).where(and(eq(payoutAccounts.storeId, row.storeId), eq(payoutAccounts.provider, row.provider)));
  invariant(account, "a payout's store has its account at the partner");
  return { provider: payoutProvider(row.provider), accountId: account.accountId };
}

/** The operation is signed and on its way: said so that nobody asks why nothing happens. */
async function noteFunding(row: PayoutRow): Promise<void> {
  if (!row.operationId) return;
  const [operation] = await db.select({ status: userOperations.status }).from(userOperations).where(eq(userOperations.id, row.operationId));
  if (operation?.status !== "submitted" && operation?.status !== "succeeded") return;
  await db.transaction(async (tx) => {
    const locked = await lockPayout(tx, row.id);
    if (locked?.state === "requested") await changeState(tx, locked, "funding", {}, { externalId: row.operationId });
  });
}

/** Funded: once the partner credited the dollars, a fresh price, and the order. */
async function order({ provider, accountId }: At, row: PayoutRow, now: Date): Promise<void> {
  invariant(row.fundedUsdMicros !== null && row.transactionId && row.submissionId && row.minimumBrlCentavos !== null, "a funded payout knows what it sent and what it promised");
  if (!row.creditedAt) {
    const sent = await depositOf(row.transactionId);
    if (!sent?.txHash || !(await provider.isCredited(accountId, { txHash: sent.txHash, amountUsdMicros: row.fundedUsdMicros }))) return noteLateCredit(row, sent?.minedAt ?? null, now);
    await db.transaction(async (tx) => {
      const locked = await lockPayout(tx, row.id);
      if (locked?.state === "funded" && !locked.creditedAt) await keepPayout(tx, locked, { creditedAt: now, problem: null });
    });
  }
  // Asked before and not known to have failed: it is looked for first.
  if (row.askedAt) {
    const found = await provider.find(accountId, row.submissionId);
    if (found) return adopt(row, found);
  }
  const quote = await provider.quote(accountId, { amountUsdMicros: row.fundedUsdMicros, isThirdParty: await isThirdParty(row.storeId, row.destination) });
  const mayAsk = await db.transaction(async (tx) => {
    const locked = await lockPayout(tx, row.id);
    // Compare and set: two runs at once never both ask.
    if (locked?.state !== "funded" || !locked.creditedAt || locked.submissionId !== row.submissionId || locked.askedAt?.getTime() !== row.askedAt?.getTime()) return false;
    if (locked.minimumBrlCentavos === null || quote.outputBrlCentavos < locked.minimumBrlCentavos) {
      await changeState(tx, locked, "needs_confirmation", { offeredBrlCentavos: quote.outputBrlCentavos, problem: "price_fell", askedAt: null }, { detail: { offeredBrlCentavos: quote.outputBrlCentavos.toString() } });
      return false;
    }
    return changeState(tx, locked, "submitted", { askedAt: now, offeredBrlCentavos: quote.outputBrlCentavos, problem: null }, { externalId: `${row.submissionId}:${now.getTime()}` });
  });
  if (!mayAsk) return;
  const destination = destinationOf(row);
  try {
    await applyTicket(row.id, row.submissionId, await provider.submit(accountId, { payoutId: row.submissionId, quoteToken: quote.token, destination, message: MESSAGE }));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // It may have happened: the next run looks for it.
    if (error.failure === "uncertain") return;
    await db.transaction(async (tx) => {
      const locked = await lockPayout(tx, row.id);
      if (locked?.state !== "submitted" || locked.submissionId !== row.submissionId) return;
      // The partner said no, so nothing is on its way: a price that ended is asked anew, any other refusal is the owner's to mend.
      if (error.failure === "refused") await changeState(tx, locked, "failed", { errorMessage: error.reason ?? "refused", problem: "refused" }, { externalId: row.submissionId, detail: { reason: error.reason ?? "refused" } });
      else await changeState(tx, locked, "funded", { askedAt: null, problem: error.failure === "busy" ? "partner_away" : null });
    });
  }
}

/** The transaction that brought the dollars to the partner's account: the operation's own, or the mint of what was burned on another chain. */
async function depositOf(transactionId: string): Promise<{ txHash: string | null; minedAt: Date | null } | null> {
  const [row] = await db
    .select({ own: { txHash: transactions.txHash, minedAt: transactions.confirmedAt }, carried: { id: consolidations.id, txHash: consolidations.arrivedTxHash, minedAt: consolidations.completedAt } })
    .from(transactions)
    .leftJoin(consolidations, and(eq(consolidations.id, transactions.id), eq(consolidations.kind, "payout")))
    .where(eq(transactions.id, transactionId));
  return row ? (row.carried?.id ? row.carried : row.own) : null;
}

/** The partner knows nothing of dollars that the chain shows: named on the screen, and looked for on. */
async function noteLateCredit(row: PayoutRow, sentAt: Date | null, now: Date): Promise<void> {
  const problem = sentAt !== null && now.getTime() - sentAt.getTime() > CREDIT_LATE_MS ? "credit_late" : null;
  if (row.problem === problem) return;
  await db.transaction(async (tx) => {
    const locked = await lockPayout(tx, row.id);
    if (locked?.state === "funded" && !locked.creditedAt) await keepPayout(tx, locked, { problem });
  });
}

/** Submitted without an answer: found by our own id, or ordered once more when it can no longer arrive. */
async function lookFor({ provider, accountId }: At, row: PayoutRow, now: Date): Promise<void> {
  invariant(row.submissionId && row.askedAt, "what was submitted has its id and time");
  const found = await provider.find(accountId, row.submissionId);
  if (found) return adopt(row, found);
  if (now.getTime() - row.askedAt.getTime() < LANDED_BY_MS) return;
  await db.transaction(async (tx) => {
    const locked = await lockPayout(tx, row.id);
    // `askedAt` stays: the next order looks once more before it asks, under the same id, which the partner takes once.
    if (locked?.state === "submitted" && locked.submissionId === row.submissionId && locked.askedAt?.getTime() === row.askedAt?.getTime()) await changeState(tx, locked, "funded", { problem: null });
  });
}

async function adopt(row: PayoutRow, ticket: ProviderTicket): Promise<void> {
  if (row.state === "funded") {
    await db.transaction(async (tx) => {
      const locked = await lockPayout(tx, row.id);
      if (locked?.state === "funded" && locked.submissionId === row.submissionId) await changeState(tx, locked, "submitted", {}, { externalId: `${row.submissionId}:found` });
    });
  }
  await applyTicket(row.id, row.submissionId, ticket);
}

const STATE_OF: Record<ProviderTicket["state"], PayoutState> = { processing: "processing", held: "on_hold", paid: "completed", failed: "failed", returned: "returned" };

/** Writes the partner's word on an order. One about an order that was given up is no news; late and doubled words change nothing. */
export async function applyTicket(payoutId: string, submissionId: string | null, ticket: ProviderTicket): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockPayout(tx, payoutId);
    if (!row || row.submissionId !== submissionId || (row.externalId !== null && row.externalId !== ticket.ticketId)) return;
    const state = STATE_OF[ticket.state];
    if (row.state === state) return keepPayout(tx, row, { problem: null, externalId: ticket.ticketId, ...(ticket.endToEndId ? { endToEndId: ticket.endToEndId } : {}) });
    const now = new Date();
    const common = { externalId: ticket.ticketId, problem: null, ...(ticket.endToEndId ? { endToEndId: ticket.endToEndId } : {}) };
    const detail = { ...(ticket.reason ? { reason: ticket.reason } : {}), ...(ticket.endToEndId ? { endToEndId: ticket.endToEndId } : {}) };
    if (state === "completed") {
      await changeState(tx, row, state, { ...common, completedAt: now, processedAt: now, amountBrlCentavos: row.offeredBrlCentavos ?? row.amountBrlCentavos, errorMessage: null }, { externalId: ticket.ticketId, detail });
      // The look after it fetches the partner's receipt.
      await enqueue(tx, "payouts.advance", { payoutId }, { key: `payouts.advance:${payoutId}` });
    } else if (state === "failed") await changeState(tx, row, state, { ...common, errorMessage: ticket.reason ?? "failed", problem: "failed", processedAt: now }, { externalId: ticket.ticketId, detail });
    else if (state === "returned") await changeState(tx, row, state, { ...common, errorMessage: ticket.reason, problem: "returned", returnedAt: now }, { externalId: ticket.ticketId, detail });
    else await changeState(tx, row, state, common, { externalId: ticket.ticketId, detail });
  });
}

/** Fetches the partner's own receipt, once. */
async function keepReceipt({ provider, accountId }: At, payoutId: string, ticketId: string): Promise<void> {
  const [known] = await db.select({ ticketId: payoutReceipts.ticketId }).from(payoutReceipts).where(eq(payoutReceipts.payoutId, payoutId));
  if (known?.ticketId === ticketId) return;
  const pdf = await provider.receiptPdf(accountId, ticketId);
  if (pdf) await db.insert(payoutReceipts).values({ payoutId, ticketId, pdf }).onConflictDoUpdate({ target: payoutReceipts.payoutId, set: { ticketId, pdf } });
}

function destinationOf({ destination }: PayoutRow): ProviderDestination {
  if (destination.kind === "pix") return { kind: "pix", pixKey: destination.pixKey };
  invariant(destination.kind === "bank", "reais go to a key or a bank account");
  const { kind, holderName, document, bankCode, branch, account, accountType } = destination;
  return { kind, holderName, document, bankCode, branch, account, accountType };
}

/** The next look, while somebody may wait in front of the page. */
async function again({ id }: PayoutRow, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockPayout(tx, id);
    if (!row || !isOpen(row.state)) return;
    if (now.getTime() - row.createdAt.getTime() > EAGER_MS) return;
    await enqueue(tx, "payouts.advance", { payoutId: id }, { key: `payouts.advance:${id}`, runAt: new Date(now.getTime() + AGAIN_MS) });
  });
}

