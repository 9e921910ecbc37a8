import { DomainError } from "@/lib/errors";

/** A send to a phone: waiting for its holder, taken, or ended by the sender or by time. */
export const PHONE_SEND_STATUSES = ["waiting", "claimed", "cancelled", "returned"] as const;
export type PhoneSendStatus = (typeof PHONE_SEND_STATUSES)[number];

/** After so many days without an owner the money is the sender's to spend again. */
export const CLAIM_DAYS = 14;
export const NOTE_MAX = 140;

/** Characters that show nothing, or turn the direction of what follows: a note must read as what it is. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** A typed note as it is kept: one line of plain text, or null. Fails with note_too_long. */
export function noteOf(typed: string): string | null {
  const note = typed.replace(/\s+/gu, " ").replace(HIDDEN, "").trim();
  if ([...note].length > NOTE_MAX || note.length > NOTE_MAX) throw new DomainError("note_too_long", { count: NOTE_MAX });
  return note === "" ? null : note;
}

/** What others see of a person: "Ana M.", or null for whoever hides the name or has none. */
export function shownName({ name, hideName }: { name: string | null; hideName: boolean | null }): string | null {
  const words = (name ?? "").trim().split(/\s+/u).filter(Boolean);
  const [first] = words;
  if (!first || hideName) return null;
  const initial = words.length > 1 ? [...(words.at(-1) ?? "")][0] : undefined;
  return initial ? `${first} ${initial.toUpperCase()}.` : first;
}

const CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
export const RECEIVE_CODE_LENGTH = 12;
const RECEIVE_CODE = /^[A-HJ-NP-Z2-9]{12}$/;

/** The code of a person's link as typed or scanned, or null: 60 random bits, so it can't be guessed through. */
export function receiveCodeOf(text: string): string | null {
  const code = text.replace(/[\s-]/g, "").toUpperCase();
  return RECEIVE_CODE.test(code) ? code : null;
}

/** A code from random bytes, 5 bits of each. */
export const receiveCodeFromBytes = (bytes: Uint8Array): string => Array.from(bytes.subarray(0, RECEIVE_CODE_LENGTH), (byte) => CODE_ALPHABET[byte & 31]).join("");

/** 128 bits in base64url: the secret of a claim, the reference of a request. */
export const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{22}$/.test(text);

/** Whom a send is for. */
export type SendTo = { kind: "person"; userId: string } | { kind: "phone"; phone: string } | { kind: "address"; address: string };

/** Where a send stands, for both sides. */
export const SEND_STATES = ["waiting", "unconfirmed", "sending", "done", "cancelled", "returned", "failed"] as const;
export type SendState = (typeof SEND_STATES)[number];

type Facts = { transaction: "pending" | "confirmed" | "failed"; isHeld: boolean; phoneSend: PhoneSendStatus | null };

/**
 * `waiting` for whoever holds the phone, `unconfirmed` once it is taken and its sender alone can sign. How a send ended is said by the phone's row;
 * everything else by the transaction.
 */
export function sendStateOf({ transaction, isHeld, phoneSend }: Facts): SendState {
  if (phoneSend === "cancelled" || phoneSend === "returned") return phoneSend;
  if (transaction === "confirmed") return "done";
  if (transaction === "failed") return "failed";
  if (phoneSend === "waiting") return "waiting";
  return phoneSend === "claimed" && isHeld ? "unconfirmed" : "sending";
}

/** The sender takes back what nobody has yet, or what only the own signature would send. */
export const canCancel = (state: SendState): boolean => state === "waiting" || state === "unconfirmed";
