import "server-only";
import { sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import type { Currency } from "@/lib/money";
import { isSecret, shownName } from "@/lib/transfers/rules";
import { requestStateOf, type RequestState } from "./rules";

export type RequestView = {
  id: string;
  reference: string;
  state: RequestState;
  currency: Currency;
  amountCents: bigint;
  note: string | null;
  requester: { userId: string; name: string | null };
  isOwn: boolean;
  /** Whether this person is who pays or paid. */
  isPaidByMe: boolean;
  /** The one payment, for its two sides. */
  transactionId: string | null;
  /** For the requester: who pays or paid. */
  payerName: string | null;
  expiresAt: Date;
  createdAt: Date;
};

type Row = {
  id: string; reference: string; currency: Currency; amount_cents: string; note: string | null; requester_id: string; transaction_id: string | null; payer_id: string | null;
  transaction: "pending" | "confirmed" | "failed" | null; cancelled_at: Date | null; expires_at: Date; created_at: Date;
  name: string | null; hide_name: boolean | null; payer_name: string | null; payer_hidden: boolean | null;
};

const rows = () => sql`
  SELECT r.id, r.reference, r.currency, r.amount_cents::text, r.note, r.requester_id, r.transaction_id, r.payer_id, t.status AS transaction, r.cancelled_at, r.expires_at, r.created_at,
         u.name, u.hide_name, p.name AS payer_name, p.hide_name AS payer_hidden
  FROM payment_requests r
  JOIN users u ON u.id = r.requester_id
  LEFT JOIN transactions t ON t.id = r.transaction_id
  LEFT JOIN users p ON p.id = r.payer_id`;

function viewOf(row: Row, userId: string | null, now: Date): RequestView {
  const isOwn = row.requester_id === userId;
  const state = requestStateOf({ transaction: row.transaction, cancelledAt: row.cancelled_at, expiresAt: row.expires_at }, now);
  const isTaken = state === "paying" || state === "paid";
  const isPaidByMe = isTaken && row.payer_id === userId;
  return {
    id: row.id,
    reference: row.reference,
    state,
    currency: row.currency,
    amountCents: BigInt(row.amount_cents),
    note: row.note,
    requester: { userId: row.requester_id, name: shownName({ name: row.name, hideName: row.hide_name }) },
    isOwn,
    isPaidByMe,
    transactionId: isTaken && (isOwn || isPaidByMe) ? row.transaction_id : null,
    payerName: isTaken && isOwn ? shownName({ name: row.payer_name, hideName: row.payer_hidden }) : null,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}

/** A request as its link shows it, to anybody who has the link; who paid is the requester's to know. Fails with not_found. */
export async function getRequest(reference: string, person: { userId: string } | null, now = new Date()): Promise<RequestView> {
  const [row] = isSecret(reference) ? await sql<Row[]>`${rows()} WHERE r.reference = ${reference} AND u.deleted_at IS NULL` : [];
  if (!row) throw new DomainError("not_found");
  return viewOf(row, person?.userId ?? null, now);
}

const PAGE = 30;

/** The person's own requests, newest first, a page by key: pass the last id of the page before. */
export async function listRequests({ userId }: { userId: string }, before?: string, now = new Date()): Promise<{ items: RequestView[]; next: string | null }> {
  if (before !== undefined && !isId(before)) throw new DomainError("not_found");
  const found = await sql<Row[]>`${rows()} WHERE r.requester_id = ${userId} ${before ? sql`AND r.id < ${before}` : sql``} ORDER BY r.id DESC LIMIT ${PAGE + 1}`;
  const page = found.slice(0, PAGE);
  return { items: page.map((row) => viewOf(row, userId, now)), next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null };
}
