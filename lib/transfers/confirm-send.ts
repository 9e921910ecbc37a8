import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { db, sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { shownPhone } from "@/lib/auth/phone";
import { USDC } from "@/lib/chain/addresses";
import { env } from "@/lib/env";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { limitsOf } from "@/lib/limits/queries";
import { assertPayable } from "@/lib/limits/rules";
import { decimalFromUsdMicros } from "@/lib/money";
import { formatBrl, formatUsd } from "@/lib/money-format";
import { queueMessageIn } from "@/lib/notifications/notify";
import { hintOperations } from "@/lib/operations/hint";
import { reserveMoveIn, type Move } from "@/lib/operations/reserve-move";
import { isUniqueViolation } from "@/lib/operations/reserve-refusal";
import { paths } from "@/lib/paths";
import { findByKey } from "@/lib/payments/confirm-payment";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { plainFirstName } from "@/lib/recovery/rules";
import { joinRequest } from "@/lib/requests/join-request";
import type { SqlTx } from "@/lib/worker/lease";
import { sendMessages } from "./messages";
import { findPayee, phoneHashOf } from "./payee";
import { openSendQuote, sendFingerprint, type SendQuote } from "./quote";
import { CLAIM_DAYS } from "./rules";

/** The hash under which a claim's secret is kept. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");

type Input = {
  key: string;
  quote: string;
  /** The sender said that this is whom they mean. Needed once for each payee, and for an address every time. */
  isPayeeConfirmed: boolean;
};

/**
 * Commits a send: outbox row, pending transaction, reservation, audit line and event, and with them what belongs to it: the request that it
 * pays, or the phone that it waits for and the message to it. One key is one send and answers the same transaction for ever.
 * Fails with quote_invalid, quote_expired, idempotency_mismatch, payee_unknown, payee_self, payee_not_known, payee_unconfirmed, too_many_requests,
 * request_paid, request_over, request_own, and what reserveMove fails with.
 */
export async function confirmSend(actor: Actor, input: Input, now = new Date()): Promise<{ transactionId: string }> {
  const quote = openSendQuote(input.quote, actor.userId);
  const fingerprint = sendFingerprint(quote);
  // A retry is still the same send, also when its price ended or the request is paid by it: the key is asked first.
  const earlier = await findByKey(actor.userId, input.key);
  if (earlier) {
    if (earlier.request_fingerprint !== fingerprint) throw new DomainError("idempotency_mismatch");
    return { transactionId: earlier.id };
  }
  if (quote.expiresAt <= now) throw new DomainError("quote_expired");
  assertPayable(quote.amountUsdMicros);
  const [payee, limits] = await Promise.all([findPayee(actor, quote.to), limitsOf(actor)]);
  if (limits.newDeviceUntil && !payee.isKnown) throw new DomainError("payee_not_known");
  if ((!payee.isKnown || payee.kind === "address") && !input.isPayeeConfirmed) throw new DomainError("payee_unconfirmed");
  if (quote.to.kind === "phone") {
    await consumeLimit(db, "phone_send_account", actor.userId);
    await consumeLimit(db, "phone_send_phone", quote.to.phone);
  }

  const toUserId = quote.to.kind === "person" ? quote.to.userId : quote.to.kind === "address" ? await ownerOf(quote.to.address, quote) : null;
  const commit = () => sql.begin((tx) => commitSend(tx, actor, { quote, key: input.key, fingerprint, toUserId }));
  const { transactionId, isNew } = await commit().catch((error: unknown) => {
    // A twin of the same key won: what is there now decides, once.
    if (!isUniqueViolation(error)) throw error;
    return commit();
  });
  if (isNew && quote.to.kind !== "phone") hintOperations(quote.chainId);
  return { transactionId };
}

async function commitSend(tx: SqlTx, actor: Actor, { quote, key, fingerprint, toUserId }: { quote: SendQuote; key: string; fingerprint: string; toUserId: string | null }) {
  const id = newId();
  // The request's row first: of two payers only one goes on from here, and everybody locks in this order.
  const join = quote.requestId === null ? null : await joinRequest(tx, { requestId: quote.requestId, payerId: actor.userId, key });
  const reserved = await reserveMoveIn(tx, actor, moveOf(actor, { id, quote, key, fingerprint, toUserId }));
  if (!reserved.isNew) return reserved;
  if (join) await join(reserved.transactionId);
  if (quote.to.kind === "phone") await holdForPhone(tx, actor, { id, phone: quote.to.phone, quote });
  return reserved;
}

function moveOf(actor: Actor, { id, quote, key, fingerprint, toUserId }: { id: string; quote: SendQuote; key: string; fingerprint: string; toUserId: string | null }): Move {
  const { amountUsdMicros, amountBrlCentavos, brlPerUsdMicros, rateAt, chainId } = quote;
  return {
    id,
    key,
    fingerprint,
    chainId,
    kind: "transfer",
    type: "received",
    purpose: quote.requestId === null ? "send" : "request",
    fromUserId: actor.userId,
    toUserId,
    payeeAddress: quote.to.kind === "address" ? quote.to.address : null,
    note: quote.note,
    amountUsdMicros,
    price: { amountBrlCentavos, brlPerUsdMicros, rateAt },
    parts: [{ token_address: USDC[chainId], amount: amountUsdMicros.toString(), amount_usd: decimalFromUsdMicros(amountUsdMicros), store_id: null }],
    isSpending: true,
    isHeld: quote.to.kind === "phone",
  };
}

/**
 * Keeps a send for whoever holds the phone, and tells that phone. The same for every number: nothing here asks whether somebody has it. The secret
 * leaves in the message only.
 */
async function holdForPhone(tx: SqlTx, actor: Actor, { id, phone, quote }: { id: string; phone: string; quote: SendQuote }) {
  const secret = randomBytes(16).toString("base64url");
  await tx`
    INSERT INTO phone_sends (id, sender_id, phone_hash, phone_shown, secret_hash, expires_at)
    VALUES (${id}, ${actor.userId}, ${phoneHashOf(phone)}, ${shownPhone(phone)}, ${hashSecret(secret)}, now() + make_interval(days => ${CLAIM_DAYS}))`;
  const amount = (quote.currency === "BRL" ? formatBrl(quote.amountBrlCentavos, actor.locale) : formatUsd(quote.amountUsdMicros, actor.locale)).replace(/\s/gu, " ");
  await queueMessageIn(tx, { to: phone, body: sendMessages(actor.locale).sent({ name: plainFirstName(actor.name), amount, link: new URL(paths.claim(secret), env().APP_URL).href }) });
}

/** One of our people may stand behind a typed address: the row then has both sides, and the sender learns nothing. */
async function ownerOf(address: string, { chainId }: SendQuote): Promise<string | null> {
  const [row] = await sql<{ user_id: string }[]>`SELECT user_id FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND address = ${address}`;
  return row?.user_id ?? null;
}
