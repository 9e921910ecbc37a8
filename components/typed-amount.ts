import { DomainError, type ErrorCode } from "@/lib/errors";
import { centsFromTyped } from "@/lib/money";
import type { KeypadKey } from "./keypad";

/** US$ and R$ 9,999,999.99: above every limit of a payment, and it still fits the display. */
const DIGITS_MAX = 9;

/** The cents after a key, typed from the right: 0,00, 0,04, 0,45, 4,50, 45,00. A key that would not fit changes nothing. */
export function pressKey(cents: bigint, key: KeypadKey): bigint {
  if (key === "clear") return 0n;
  if (key === "delete") return cents / 10n;
  const next = BigInt(`${cents}${key}`);
  return String(next).length > DIGITS_MAX ? cents : next;
}

export type TypedAmount = { ok: true; cents: bigint } | { ok: false; code: ErrorCode };

/** A whole pasted or filled text; what has two readings is refused and the amount stays. */
export function readPasted(text: string): TypedAmount {
  try {
    const cents = centsFromTyped(text);
    return String(cents).length > DIGITS_MAX ? { ok: false, code: "amount_too_large" } : { ok: true, cents };
  } catch (error) {
    if (error instanceof DomainError) return { ok: false, code: error.code };
    throw error;
  }
}

/**
 * The input's text after an edit. One typed or deleted character moves the digits; anything else (a keyboard's clipboard, a fill, a
 * replacement, a drop) is read as a whole: what was put in, not what stood around it, because the page may have woken up and written
 * 0,00 in between. `edit` has the type and data of the InputEvent.
 */
export function readEdited(text: string, edit: { inputType?: string; data?: string | null }): TypedAmount {
  const isKeystroke = edit.inputType?.startsWith("delete") === true || (edit.inputType?.startsWith("insert") === true && edit.data?.length === 1);
  if (!isKeystroke) {
    const whole = edit.inputType?.startsWith("insert") && edit.data ? edit.data : text;
    return whole.trim() === "" ? { ok: true, cents: 0n } : readPasted(whole);
  }
  const digits = text.replace(/\D/g, "").replace(/^0+/, "");
  return digits.length > DIGITS_MAX ? { ok: false, code: "amount_too_large" } : { ok: true, cents: BigInt(digits || "0") };
}
