import "server-only";
import { db } from "@/db/client";
import { DomainError } from "@/lib/errors";
import type { Actor } from "../actor";
import { newChallenge } from "../challenges";
import { markSteppedUp } from "../step-up";
import { checkPasskeyAnswer, recordPasskeyUse } from "./check-answer";
import { secondsUntilPasskeyCounts } from "./factor";
import { passkeyHandles } from "./queries";
import { relyingParty } from "./relying-party";
import type { PasskeyAnswer, PasskeyRequest } from "./rules";

/**
 * What the page asks the browser for, so that the person confirms with one of the own passkeys.
 * Fails with: passkey_unknown (there is none).
 */
export async function passkeyStepUpRequest(actor: Actor): Promise<PasskeyRequest> {
  const credentials = await passkeyHandles(actor);
  if (credentials.length === 0) throw new DomainError("passkey_unknown");
  return { challenge: await newChallenge("passkey_step_up", actor), rpId: relyingParty().id, credentials };
}

/**
 * Confirms the person in this session for five minutes.
 * Fails with step_up_waiting {seconds} for a first passkey of today (factor.ts), and with what checkPasskeyAnswer fails with.
 */
export async function stepUpByPasskey(actor: Actor, answer: PasskeyAnswer): Promise<void> {
  const checked = await checkPasskeyAnswer(answer, { purpose: "passkey_step_up", holder: actor, ip: actor.ip, userAgent: actor.userAgent });
  await db.transaction(async (tx) => {
    const seconds = await secondsUntilPasskeyCounts(tx, checked.passkeyId);
    if (seconds > 0) throw new DomainError("step_up_waiting", { seconds });
    await recordPasskeyUse(tx, checked);
    await markSteppedUp(tx, actor, "passkey");
  });
}
