"use server";

import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/server";
import { z } from "zod";
import { action } from "@/lib/action";
import { addPasskey, newPasskeyOptions } from "@/lib/auth/passkeys/add-passkey";
import { derivedKeyRequest, proveDerivedAddress } from "@/lib/auth/passkeys/derived-address";
import { jsonField } from "@/lib/auth/passkeys/json-field";
import { passkeySignal } from "@/lib/auth/passkeys/queries";
import { removePasskey } from "@/lib/auth/passkeys/remove-passkey";
import { renamePasskey } from "@/lib/auth/passkeys/rename-passkey";
import { DerivedProof, NewPasskey, PasskeyAnswer, type PasskeyRequest, type PasskeySignal } from "@/lib/auth/passkeys/rules";

/** What the page asks the browser to make. */
export const newPasskeyOptionsAction = action(z.object({}), (actor): Promise<PublicKeyCredentialCreationOptionsJSON> => newPasskeyOptions(actor));

/** Fields `passkey` and `derived`. Answers the name it got, and what to tell the browser. */
export const addPasskeyAction = action(z.object({ passkey: jsonField(NewPasskey), derived: jsonField(DerivedProof.nullable()) }), async (actor, input): Promise<{ passkeyId: string; name: string; signal: PasskeySignal }> => ({
  ...(await addPasskey(actor, input)),
  signal: await passkeySignal(actor.userId),
}));

const Chosen = z.object({ passkeyId: z.uuid() });

/** Fields `passkeyId` and `name`. */
export const renamePasskeyAction = action(Chosen.extend({ name: z.string().max(1000) }), async (actor, input): Promise<PasskeySignal> => {
  await renamePasskey(actor, input);
  return passkeySignal(actor.userId);
});

/** Field `passkeyId`. Answers what to tell the browser. */
export const removePasskeyAction = action(Chosen, async (actor, input): Promise<PasskeySignal> => {
  await removePasskey(actor, input);
  return passkeySignal(actor.userId);
});

/** Field `passkeyId`. What the page asks the browser for, to learn the address of its key. */
export const derivedKeyRequestAction = action(Chosen, (actor, input): Promise<PasskeyRequest> => derivedKeyRequest(actor, input));

/** Fields `answer` and `derived`. */
export const proveDerivedAddressAction = action(z.object({ answer: jsonField(PasskeyAnswer), derived: jsonField(DerivedProof) }), (actor, input): Promise<{ address: string }> => proveDerivedAddress(actor, input));
