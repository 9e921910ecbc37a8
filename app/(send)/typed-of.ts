import { DomainError } from "@/lib/errors";
import { centsFromTyped, type Currency } from "@/lib/money";
import type { AmountState } from "./amount-state";

const TYPED_MAX = 200;

/** What a form was sent with, for the form that comes back. */
export function typedOf(form: FormData): NonNullable<AmountState["typed"]> {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value.slice(0, TYPED_MAX) : "";
  };
  const currency: Currency = form.get("currency") === "USD" ? "USD" : "BRL";
  const note = text("note");
  try {
    return { cents: centsFromTyped(text("amount")).toString(), currency, note };
  } catch (error) {
    if (error instanceof DomainError) return { cents: "0", currency, note };
    throw error;
  }
}
