import "server-only";
import { z } from "zod";
import { StarkError } from "./errors";
import { request, type StarkAccess } from "./request";

const text = z.string().min(1);
const Key = z.looseObject({ name: text, taxId: text, bankName: z.string().nullish(), ispb: z.string().regex(/^[0-9A-Z]{8}$/), branchCode: text, accountNumber: text, accountType: z.enum(["checking", "savings", "salary", "payment"]).catch("checking") });
/** The bank's library unwraps `key`. */
const Answered = z.union([z.object({ key: Key }).transform(({ key }) => key), z.object({ dictKey: Key }).transform(({ dictKey }) => dictKey)]);

/** Whose key it is and where a transfer to it goes. Branch and account may be sealed by the bank, and are given back to it as they are. */
export type StarkKey = z.output<typeof Key>;

/** Null for a key that nobody has. The directory counts every question. Fails with StarkError. */
export async function lookUpDictKey(access: StarkAccess, pixKey: string): Promise<StarkKey | null> {
  try {
    return await request(access, Answered, "GET", `/v2/dict-key/${encodeURIComponent(pixKey)}`, { named: "/v2/dict-key/…" });
  } catch (error) {
    if (error instanceof StarkError && error.status === 404) return null;
    throw error;
  }
}
