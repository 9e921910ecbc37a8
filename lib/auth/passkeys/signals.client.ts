import { sendSignal } from "@simplewebauthn/browser";
import type { PasskeySignal } from "./rules";

/** Tells the browser which passkeys still count and how their person is called, so that it offers no dead ones. Browsers without the Signal API are not told. */
export async function tellPasskeys({ rpId, userHandle, credentialIds, userName, displayName }: PasskeySignal): Promise<void> {
  await Promise.allSettled([
    sendSignal({ signalName: "allAcceptedCredentials", rpID: rpId, userID: userHandle, allAcceptedCredentialIDs: credentialIds }),
    sendSignal({ signalName: "currentUserDetails", rpID: rpId, userID: userHandle, userName, userDisplayName: displayName }),
  ]);
}

/** Tells the browser that nobody here knows a passkey that it offered. */
export async function tellUnknownPasskey(rpId: string, credentialId: string): Promise<void> {
  await Promise.allSettled([sendSignal({ signalName: "unknownCredential", rpID: rpId, credentialID: credentialId })]);
}
