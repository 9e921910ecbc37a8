import "server-only";
import { inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { stores } from "@/db/schema";
import { DomainError } from "@/lib/errors";
import { symbolFromTyped, symbolSuggestions } from "./rules";

const SUGGESTIONS_SHOWN = 3;

/** Up to three symbols that a name suggests and that nobody has right now. */
export async function freeSymbols(name: string): Promise<string[]> {
  const candidates = symbolSuggestions(name);
  if (candidates.length === 0) return [];
  const taken = await db.select({ symbol: stores.symbol }).from(stores).where(inArray(sql`upper(${stores.symbol})`, candidates));
  const used = new Set(taken.map(({ symbol }) => symbol.toUpperCase()));
  return candidates.filter((candidate) => !used.has(candidate)).slice(0, SUGGESTIONS_SHOWN);
}

export type SymbolAnswer = { isFree: boolean; problem: "symbol_invalid" | "symbol_taken" | null; suggestions: string[] };

/** Whether a typed symbol can be had now, with suggestions when it cannot. Only a look: the unique index decides when the store opens. */
export async function checkSymbol(typed: string, name: string): Promise<SymbolAnswer> {
  try {
    const symbol = symbolFromTyped(typed);
    const [taken] = await db.select({ id: stores.id }).from(stores).where(sql`upper(${stores.symbol}) = ${symbol}`);
    if (!taken) return { isFree: true, problem: null, suggestions: [] };
    return { isFree: false, problem: "symbol_taken", suggestions: await freeSymbols(name || symbol) };
  } catch (error) {
    if (!(error instanceof DomainError) || (error.code !== "symbol_invalid" && error.code !== "symbol_taken")) throw error;
    return { isFree: false, problem: error.code, suggestions: await freeSymbols(name) };
  }
}

/** The refusal of a taken symbol, with what is free: `suggestion` for the sentence, `suggestions` (comma separated) for the buttons. */
export async function symbolTaken(name: string): Promise<DomainError> {
  const suggestions = await freeSymbols(name);
  return new DomainError("symbol_taken", suggestions.length > 0 ? { suggestion: suggestions[0] ?? "", suggestions: suggestions.join(",") } : {});
}
