import "server-only";
import type { Tx } from "@/db/client";
import { consents } from "@/db/schema";
import { addressGroup } from "@/lib/auth/client-address";
import { keyedHash } from "@/lib/auth/derive-key";
import { newId } from "@/lib/ids";
import { CONSENT_VERSIONS, SIGN_UP_CONSENTS, type ConsentPurpose } from "./rules";

type Consent = { userId: string; ip: string | null; purposes: readonly ConsentPurpose[]; isGiven: boolean };

/** Appends one line a purpose: version, time, and the address as a keyed hash that only answers "was it this one". */
export async function recordConsents(tx: Tx, { userId, ip, purposes, isGiven }: Consent): Promise<void> {
  const ipHash = ip ? keyedHash("consent", addressGroup(ip)).toString("hex") : null;
  await tx.insert(consents).values(purposes.map((purpose) => ({ id: newId(), userId, purpose, version: CONSENT_VERSIONS[purpose], isGiven, ipHash })));
}

/** What the sentence on the sign-in page says: with the account come the terms and the privacy notice. */
export const recordSignUpConsents = (tx: Tx, { userId, ip }: { userId: string; ip: string | null }): Promise<void> =>
  recordConsents(tx, { userId, ip, purposes: SIGN_UP_CONSENTS, isGiven: true });
