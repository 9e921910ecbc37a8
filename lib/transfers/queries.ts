import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { addressInGroups } from "@/lib/chain/payee-address";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import { hashSecret } from "./confirm-send";
import { phoneHashOf } from "./payee";
import { canCancel, isSecret, sendStateOf, shownName, type PhoneSendStatus, type SendState } from "./rules";

type Person = { userId: string; phone: string };

export type SendView = {
  id: string;
  direction: "out" | "in";
  state: SendState;
  isRequest: boolean;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint | null;
  brlPerUsdMicros: bigint | null;
  rateAt: Date | null;
  note: string | null;
  /** The other side: a name, a phone's end, or an address in groups; all null for somebody who hides the name. */
  other: { kind: "person" | "phone" | "address"; name: string | null; shown: string | null };
  /** Until when somebody may take it. */
  expiresAt: Date | null;
  canCancel: boolean;
  canClaim: boolean;
  errorCode: string | null;
  createdAt: Date;
  confirmedAt: Date | null;
  details: { chainId: ChainId; transactionHash: string | null; operationHash: string | null; blockNumber: string | null };
};

type Row = {
  id: string; from_user_id: string; to_user_id: string | null; purpose: string; status: "pending" | "confirmed" | "failed"; amount_usd: string; amount_brl: string | null;
  brl_per_usd: string | null; rate_at: Date | null; note: string | null; payee_address: string | null; error_code: string | null; created_at: Date; confirmed_at: Date | null;
  chain_id: ChainId; tx_hash: string | null; block: string | null; operation_status: string | null; user_op_hash: string | null;
  phone_status: PhoneSendStatus | null; phone_shown: string | null; phone_hash: string | null; expires_at: Date | null;
  from_name: string | null; from_hidden: boolean | null; to_name: string | null; to_hidden: boolean | null;
};

const columns = () => sql`
  SELECT t.id, t.from_user_id, t.to_user_id, t.purpose, t.status, t.amount_usd::text, t.amount_brl_centavos::text AS amount_brl, t.brl_per_usd::text, t.rate_at, t.note, t.payee_address, t.error_code,
         t.created_at, t.confirmed_at, t.chain_id, t.tx_hash, t.block_number::text AS block, o.status AS operation_status, o.user_op_hash,
         s.status AS phone_status, s.phone_shown, s.phone_hash, s.expires_at, f.name AS from_name, f.hide_name AS from_hidden, p.name AS to_name, p.hide_name AS to_hidden
  FROM transactions t
  LEFT JOIN user_operations o ON o.id = t.id
  LEFT JOIN phone_sends s ON s.id = t.id
  LEFT JOIN users f ON f.id = t.from_user_id
  LEFT JOIN users p ON p.id = t.to_user_id`;

function viewOf(row: Row, person: Person): SendView {
  const isOut = row.from_user_id === person.userId;
  const state = sendStateOf({ transaction: row.status, isHeld: row.operation_status === "held", phoneSend: row.phone_status });
  const isOver = row.expires_at !== null && row.expires_at <= new Date();
  return {
    id: row.id,
    direction: isOut ? "out" : "in",
    state,
    isRequest: row.purpose === "request",
    amountUsdMicros: usdMicrosFromDecimal(row.amount_usd),
    amountBrlCentavos: row.amount_brl === null ? null : BigInt(row.amount_brl),
    brlPerUsdMicros: row.brl_per_usd === null ? null : usdMicrosFromDecimal(row.brl_per_usd),
    rateAt: row.rate_at,
    note: row.note,
    other: isOut ? payeeOf(row) : { kind: "person", name: shownName({ name: row.from_name, hideName: row.from_hidden }), shown: null },
    expiresAt: state === "waiting" || state === "unconfirmed" ? row.expires_at : null,
    canCancel: isOut && canCancel(state),
    canClaim: !isOut && state === "waiting" && !isOver,
    errorCode: row.error_code,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    details: { chainId: row.chain_id, transactionHash: row.tx_hash, operationHash: row.user_op_hash, blockNumber: row.block },
  };
}

/** Whoever typed an address is not told who has it; a phone shows its holder's name once it was taken. */
function payeeOf(row: Row): SendView["other"] {
  if (row.payee_address) return { kind: "address", name: null, shown: addressInGroups(row.payee_address) };
  const name = row.to_user_id ? shownName({ name: row.to_name, hideName: row.to_hidden }) : null;
  return row.phone_shown ? { kind: "phone", name, shown: row.phone_shown } : { kind: "person", name, shown: null };
}

/** A send of either side, or one that waits for this person's phone. Fails with not_found for everybody else. */
export async function getSend(person: Person, id: string): Promise<SendView> {
  if (!isId(id)) throw new DomainError("not_found");
  const [row] = await sql<Row[]>`${columns()}
    WHERE t.id = ${id} AND t.type = 'received' AND t.purpose IN ('send', 'request')
      AND (t.from_user_id = ${person.userId} OR t.to_user_id = ${person.userId} OR (s.status = 'waiting' AND s.phone_hash = ${phoneHashOf(person.phone)}))`;
  if (!row) throw new DomainError("not_found");
  return viewOf(row, person);
}

/** What a claim's link leads to. Everybody but the phone's own holder is told the same, whatever it is. */
export type ClaimLink = { kind: "yours"; sendId: string } | { kind: "strangers" } | { kind: "other_phone" };

export async function readClaimLink(secret: string, person: Person | null): Promise<ClaimLink> {
  if (!person) return { kind: "strangers" };
  if (!isSecret(secret)) return { kind: "other_phone" };
  const [row] = await sql<{ id: string; status: PhoneSendStatus; phone_hash: string; claimed_by: string | null; sender_id: string }[]>`
    SELECT id, status, phone_hash, claimed_by, sender_id FROM phone_sends WHERE secret_hash = ${hashSecret(secret)}`;
  if (!row) return { kind: "other_phone" };
  const isTheirs = row.status === "claimed" ? row.claimed_by === person.userId : row.phone_hash === phoneHashOf(person.phone);
  return isTheirs || row.sender_id === person.userId ? { kind: "yours", sendId: row.id } : { kind: "other_phone" };
}

/** Sends that need this person: to be taken, or to be confirmed by a sender who alone signs. Newest first. */
export async function sendsToAnswer(person: Person): Promise<SendView[]> {
  const rows = await sql<Row[]>`${columns()}
    WHERE t.status = 'pending' AND o.status = 'held' AND o.error_code IS NULL AND s.expires_at > now() AND t.id IN (
      SELECT w.id FROM phone_sends w WHERE w.status = 'waiting' AND w.phone_hash = ${phoneHashOf(person.phone)} AND w.sender_id <> ${person.userId}
      UNION ALL SELECT c.id FROM phone_sends c WHERE c.status = 'claimed' AND c.sender_id = ${person.userId})
    ORDER BY t.id DESC LIMIT 20`;
  return rows.map((row) => viewOf(row, person));
}

/** People that this person sent to before, newest first: the short way to send again. */
export async function knownPeople({ userId }: { userId: string }): Promise<{ code: string; name: string }[]> {
  const rows = await sql<{ code: string; name: string | null; hide_name: boolean | null }[]>`
    SELECT c.code, u.name, u.hide_name FROM (
      SELECT t.to_user_id, max(t.id::text) AS last FROM transactions t
      WHERE t.from_user_id = ${userId} AND t.type = 'received' AND t.payee_address IS NULL AND t.status = 'confirmed' AND t.to_user_id IS NOT NULL
      GROUP BY t.to_user_id ORDER BY last DESC LIMIT 8) AS known
    JOIN users u ON u.id = known.to_user_id AND u.deleted_at IS NULL
    JOIN receive_codes c ON c.user_id = u.id
    ORDER BY known.last DESC`;
  return rows.flatMap(({ code, name, hide_name }) => {
    const shown = shownName({ name, hideName: hide_name });
    return shown ? [{ code, name: shown }] : [];
  });
}

/** A send as its sender sees it and as the browser makes its call of it. */
export type SendToSign = { transactionId: string; chainId: ChainId; account: Address; payee: Address; amountUsdMicros: bigint };

/** A pending send of the person's own, from an account where the person alone signs; null for any other, and while nobody has taken it. */
export async function sendToSign({ userId }: { userId: string }, transactionId: string): Promise<SendToSign | null> {
  if (!isId(transactionId)) return null;
  const [row] = await sql<{ chain_id: ChainId; address: Address; payee: Address | null; amount_usd: string }[]>`
    SELECT t.chain_id, a.address, COALESCE(p.address, t.payee_address) AS payee, t.amount_usd::text
    FROM transactions t
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id AND a.custody_status = 'self_custody'
    LEFT JOIN smart_accounts p ON p.user_id = t.to_user_id AND p.chain_id = t.chain_id
    WHERE t.id = ${transactionId} AND t.from_user_id = ${userId} AND t.type = 'received' AND t.purpose IN ('send', 'request') AND t.status = 'pending'`;
  return row?.payee ? { transactionId, chainId: row.chain_id, account: row.address, payee: row.payee, amountUsdMicros: usdMicrosFromDecimal(row.amount_usd) } : null;
}
