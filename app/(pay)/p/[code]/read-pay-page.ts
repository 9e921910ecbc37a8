import { cache } from "react";
import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getPayPage } from "@/lib/payments/queries";

/** One read for the page and its title. A failure that the page words itself comes back as a value. */
export const readPayPage = cache(async (code: string) => {
  try {
    return await getPayPage(code, await optionalActor());
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
});

/** The code of the address as it was typed there; a malformed escape is no code. */
export function codeOf(segment: string): string {
  try {
    return decodeURIComponent(segment).slice(0, 40);
  } catch {
    return "";
  }
}

/** The store that a replaced code belonged to. */
export const retiredStoreOf = ({ details }: DomainError): string | null => (typeof details["storeId"] === "string" ? details["storeId"] : null);
