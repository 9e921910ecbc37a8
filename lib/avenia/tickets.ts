import "server-only";
import { z } from "zod";
import { request, type AveniaAccess } from "./request";

export const TICKET_STATUSES = ["UNPAID", "PENDING", "PROCESSING", "ON-HOLD", "PAID", "FAILED", "PARTIAL-FAILED"] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

const Created = z.looseObject({ id: z.string().min(1), brCode: z.string().min(1), expiration: z.iso.datetime({ offset: true }) });
const text = z.string().nullish();
const PixInput = z.looseObject({ brCode: text }).nullish();
const Receiver = z.looseObject({ walletAddress: text, txHash: text }).nullish();
const Ticket = z.looseObject({
  id: z.string().min(1),
  status: z.enum(TICKET_STATUSES),
  externalId: text,
  reason: text,
  failureReason: text,
  expiration: text,
  expiresAt: text,
  brlPixInputInfo: PixInput,
  blockchainReceiverInfo: Receiver,
});
/** The parts of a ticket stand inside it or beside it. */
const Single = z.looseObject({ ticket: Ticket, brlPixInputInfo: PixInput, blockchainReceiverInfo: Receiver });
const Listed = z.looseObject({ tickets: z.array(Ticket) });

export type AveniaTicket = {
  id: string;
  status: TicketStatus;
  externalId: string | null;
  /** The provider's word for what went wrong. */
  reason: string | null;
  expiresAt: Date | null;
  brCode: string | null;
  walletAddress: string | null;
  /** Lower case; a hint until the chain shows it. */
  txHash: string | null;
};

const TX_HASH = /^0x[0-9a-f]{64}$/;

function ticketOf(ticket: z.output<typeof Ticket>, beside: Pick<z.output<typeof Single>, "brlPixInputInfo" | "blockchainReceiverInfo"> = {}): AveniaTicket {
  const receiver = ticket.blockchainReceiverInfo ?? beside.blockchainReceiverInfo;
  const txHash = receiver?.txHash?.toLowerCase() ?? "";
  const expiry = new Date(ticket.expiration ?? ticket.expiresAt ?? Number.NaN);
  return {
    id: ticket.id,
    status: ticket.status,
    externalId: ticket.externalId || null,
    reason: ticket.failureReason || ticket.reason || null,
    expiresAt: Number.isNaN(expiry.getTime()) ? null : expiry,
    brCode: (ticket.brlPixInputInfo ?? beside.brlPixInputInfo)?.brCode || null,
    walletAddress: receiver?.walletAddress?.toLowerCase() || null,
    txHash: TX_HASH.test(txHash) ? txHash : null,
  };
}

export type PixInTicket = { subAccountId: string; quoteToken: string; externalId: string; walletAddress: string; durationSeconds: number; note: string };

/**
 * Opens a ticket that turns a Pix into dollars on Base at an address. Answers what the payer's bank needs. Fails with AveniaError: after an
 * uncertain one look for the `externalId` before anything is asked again.
 */
export async function createPixInTicket(access: AveniaAccess, ticket: PixInTicket): Promise<{ id: string; brCode: string; expiresAt: Date }> {
  const { id, brCode, expiration } = await request(access, Created, "POST", "/v2/account/tickets", {
    query: { subAccountId: ticket.subAccountId },
    body: {
      quoteToken: ticket.quoteToken,
      externalId: ticket.externalId,
      ticketBlockchainOutput: { walletChain: "BASE", walletAddress: ticket.walletAddress },
      ticketBrlPixInput: { additionalData: ticket.note },
      customDuration: ticket.durationSeconds,
    },
  });
  return { id, brCode, expiresAt: new Date(expiration) };
}

export async function readTicket(access: AveniaAccess, { subAccountId, ticketId }: { subAccountId: string; ticketId: string }): Promise<AveniaTicket> {
  const { ticket, ...beside } = await request(access, Single, "GET", `/v2/account/tickets/${encodeURIComponent(ticketId)}`, { query: { subAccountId } });
  return ticketOf(ticket, beside);
}

/** The ticket that was opened with our own id, or null. */
export async function findTicket(access: AveniaAccess, { subAccountId, externalId }: { subAccountId: string; externalId: string }): Promise<AveniaTicket | null> {
  const { tickets } = await request(access, Listed, "GET", "/v2/account/tickets", { query: { subAccountId, externalId } });
  const found = tickets.find((ticket) => ticket.externalId === externalId);
  return found ? ticketOf(found) : null;
}
