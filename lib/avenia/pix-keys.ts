import "server-only";
import { z } from "zod";
import { AveniaError } from "./errors";
import { request, type AveniaAccess } from "./request";

const Holder = z.looseObject({ name: z.string().min(1), taxId: z.string().min(1), bankName: z.string().nullish() });

export type PixHolder = { name: string; maskedTaxId: string; bankName: string };

/**
 * Whose key it is, by the central bank's directory; null for a key that nobody has. The directory counts: a hit takes one from the account's
 * bucket, a miss twenty, so nobody asks but for a person who goes on. Fails with AveniaError, busy where the bucket is empty.
 */
export async function lookUpPixKey(access: AveniaAccess, { subAccountId, pixKey }: { subAccountId: string; pixKey: string }): Promise<PixHolder | null> {
  try {
    const { name, taxId, bankName } = await request(access, Holder, "GET", "/v2/account/bank-accounts/brl/pix-info", { query: { pixKey, subAccountId } });
    return { name, maskedTaxId: taxId, bankName: bankName ?? "" };
  } catch (error) {
    if (error instanceof AveniaError && (error.status === 404 || (error.failure === "refused" && /key[-_ ]?not[-_ ]?found/i.test(error.reason ?? "")))) return null;
    throw error;
  }
}
