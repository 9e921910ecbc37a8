import "server-only";
import { z } from "zod";
import { unitsFromDecimal } from "./decimals";
import { AveniaError } from "./errors";
import { request, requestFile, type AveniaAccess } from "./request";
import { TICKET_STATUSES, type TicketStatus } from "./tickets";

const text = z.string().nullish();
const DECIMAL = z.string().regex(/^\d+(\.\d+)?$/);
const Receiver = z.looseObject({ pixKey: text, endToEndId: text }).nullish();
const Sender = z.looseObject({ walletAddress: text, txHash: text }).nullish();
const Ticket = z.looseObject({
  id: z.string().min(1),
  status: z.enum(TICKET_STATUSES),
  externalId: text,
  reason: text,
  failureReason: text,
  brazilianFiatReceiverInfo: Receiver,
  blockchainSenderInfo: Sender,
  quote: z.looseObject({ inputAmount: DECIMAL.optional(), inputCurrency: text, inputPaymentMethod: text }).nullish(),
});
/** The parts of a ticket stand inside it or beside it. */
const Single = z.looseObject({ ticket: Ticket, brazilianFiatReceiverInfo: Receiver, blockchainSenderInfo: Sender });
const Listed = z.looseObject({ tickets: z.array(Ticket), cursor: text });
const Created = z.looseObject({ id: z.string().min(1) });

const PATH = "/v2/account/tickets";
/** E, the paying bank's ISPB, the minute in UTC, eleven characters. Source: Banco Central, Manual de Padrões do Pix. */
const END_TO_END_ID = /^E[0-9A-Za-z]{8}\d{12}[0-9A-Za-z]{11}$/;

export type AveniaPayout = {
  id: string;
  status: TicketStatus;
  externalId: string | null;
  /** The provider's word for what went wrong. */
  reason: string | null;
  pixKey: string | null;
  endToEndId: string | null;
};

function payoutOf(ticket: z.output<typeof Ticket>, beside: { brazilianFiatReceiverInfo?: z.output<typeof Receiver> } = {}): AveniaPayout {
  const receiver = ticket.brazilianFiatReceiverInfo ?? beside.brazilianFiatReceiverInfo;
  return {
    id: ticket.id,
    status: ticket.status,
    externalId: ticket.externalId || null,
    reason: ticket.failureReason || ticket.reason || null,
    pixKey: receiver?.pixKey || null,
    endToEndId: receiver?.endToEndId && END_TO_END_ID.test(receiver.endToEndId) ? receiver.endToEndId : null,
  };
}

export type NewPayout = {
  subAccountId: string;
  quoteToken: string;
  externalId: string;
  /** The account's own deposit address: the dollars are there already. */
  walletAddress: string;
  receiver: { pixKey: string } | { beneficiaryBrlBankAccountId: string };
  /** What the receiver's bank shows beside the money. */
  message: string;
};

/**
 * Turns dollars that the account holds into a Pix. Fails with AveniaError: after an uncertain one look for the `externalId` before anything is
 * asked again, because it may be paid.
 */
export async function createPayoutTicket(access: AveniaAccess, { subAccountId, quoteToken, externalId, walletAddress, receiver, message }: NewPayout): Promise<string> {
  const { id } = await request(access, Created, "POST", PATH, {
    query: { subAccountId },
    body: { quoteToken, externalId, ticketBlockchainInput: { walletAddress }, ticketBrlPixOutput: { ...receiver, ...(message && { pixMessage: message }) } },
  });
  return id;
}

export async function readPayoutTicket(access: AveniaAccess, { subAccountId, ticketId }: { subAccountId: string; ticketId: string }): Promise<AveniaPayout> {
  const { ticket, ...beside } = await request(access, Single, "GET", `${PATH}/${encodeURIComponent(ticketId)}`, { query: { subAccountId } });
  return payoutOf(ticket, beside);
}

/** The ticket that was opened with our own id, or null. */
export async function findPayoutTicket(access: AveniaAccess, { subAccountId, externalId }: { subAccountId: string; externalId: string }): Promise<AveniaPayout | null> {
  const { tickets } = await request(access, Listed, "GET", PATH, { query: { subAccountId, externalId } });
  const found = tickets.find((ticket) => ticket.externalId === externalId);
  return found ? payoutOf(found) : null;
}

const RECEIPT_REFUSED = 400;

/** The provider's receipt, a PDF; null until the ticket is paid. */
export async function readReceipt(access: AveniaAccess, { subAccountId, ticketId }: { subAccountId: string; ticketId: string }): Promise<Uint8Array | null> {
  try {
    const file = await requestFile(access, `${PATH}/${encodeURIComponent(ticketId)}/receipt`, { query: { subAccountId } });
    if (!Buffer.from(file.subarray(0, 5)).equals(Buffer.from("%PDF-"))) throw new AveniaError("uncertain", `GET ${PATH}/receipt`, 200);
    return file;
  } catch (error) {
    if (error instanceof AveniaError && error.status === RECEIPT_REFUSED) return null;
    throw error;
  }
}

const PAGES_MAX = 20;
const USDC_DECIMALS = 6;

/**
 * Whether dollars that came to the account's address in a transaction are on its balance: the provider opens a ticket for every deposit, also for
 * one that nobody announced. Two deposits of one transaction are told apart by their amounts.
 */
export async function isDepositCredited(access: AveniaAccess, { subAccountId, txHash, amountUsdMicros }: { subAccountId: string; txHash: string; amountUsdMicros: bigint }): Promise<boolean> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { tickets, cursor: next } = await request(access, Listed, "GET", PATH, { query: { subAccountId, inputCurrency: "USDC", outputPaymentMethod: "INTERNAL", status: "PAID", cursor } });
    const isFound = tickets.some(
      ({ status, blockchainSenderInfo: sender, quote }) =>
        status === "PAID" && (!quote?.inputCurrency || quote.inputCurrency === "USDC") && sender?.txHash?.toLowerCase() === txHash.toLowerCase() && (!quote?.inputAmount || unitsFromDecimal(quote.inputAmount, USDC_DECIMALS) === amountUsdMicros),
    );
    if (isFound) return true;
    if (!next || tickets.length === 0) return false;
    cursor = next;
  }
  return false;
}
