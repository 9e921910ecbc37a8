import type { Page } from "@playwright/test";
import { SoftwarePasskey } from "@/lib/test/software-authenticator";

type Creation = { challenge: string; userHandle: string };
type Shown = { id: string; response: Record<string, string>; prf: string };

const SALT = "cocopay/prf/v1";

/**
 * A synced password manager: it takes the place of `navigator.credentials`, as browser extensions do, and keeps its passkeys, with the secrets
 * of their PRF, in the test. `offerOn` is another device that they are synced to.
 */
export async function softwarePasskeys(page: Page, origin: string) {
  const passkeys: SoftwarePasskey[] = [];
  const site = { origin, rpId: new URL(origin).hostname };
  const create = ({ challenge, userHandle }: Creation): Shown => {
    const passkey = new SoftwarePasskey(userHandle, "ES256", site);
    passkeys.push(passkey);
    const made = passkey.create(challenge);
    return { id: made.credentialId, response: { clientDataJSON: made.clientDataJson, attestationObject: made.attestationObject }, prf: Buffer.from(passkey.prf(SALT)).toString("base64url") };
  };
  const get = ({ challenge, credentialIds }: { challenge: string; credentialIds: string[] }): Shown | null => {
    const passkey = passkeys.find(({ credentialId }) => credentialIds.length === 0 || credentialIds.includes(credentialId));
    if (!passkey) return null;
    const answer = passkey.get(challenge);
    return { id: answer.credentialId, response: { clientDataJSON: answer.clientDataJson, authenticatorData: answer.authenticatorData, signature: answer.signature, userHandle: answer.userHandle ?? "" }, prf: Buffer.from(passkey.prf(SALT)).toString("base64url") };
  };

  const offerOn = async (device: Page) => {
    await device.exposeFunction("softwareCreate", create);
    await device.exposeFunction("softwareGet", get);
    await device.addInitScript(installManager);
  };
  await offerOn(page);
  return { offerOn, passkeys };
}

/** Runs in the page. */
function installManager() {
  type Api = { softwareCreate: (input: Creation) => Promise<Shown>; softwareGet: (input: { challenge: string; credentialIds: string[] }) => Promise<Shown | null> };
  const api = window as unknown as Api;
  const encode = (bytes: BufferSource) => {
    const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return btoa(String.fromCharCode(...view)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  };
  const decode = (text: string) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)).buffer;
  const credentialOf = ({ id, response, prf }: Shown) => ({
    id,
    rawId: decode(id),
    type: "public-key",
    authenticatorAttachment: "platform",
    response: { ...Object.fromEntries(Object.entries(response).map(([name, text]) => [name, decode(text)])), getTransports: () => ["internal", "hybrid"] },
    getClientExtensionResults: () => ({ prf: { enabled: true, results: { first: decode(prf) } } }),
  });
  Object.assign(PublicKeyCredential, { isConditionalMediationAvailable: () => Promise.resolve(false) });
  const manager = {
    create: async ({ publicKey }: { publicKey: PublicKeyCredentialCreationOptions }) =>
      credentialOf(await api.softwareCreate({ challenge: encode(publicKey.challenge), userHandle: encode(publicKey.user.id) })),
    get: async ({ publicKey }: { publicKey: PublicKeyCredentialRequestOptions }) => {
      const shown = await api.softwareGet({ challenge: encode(publicKey.challenge), credentialIds: (publicKey.allowCredentials ?? []).map(({ id }) => encode(id)) });
      if (!shown) throw new DOMException("No passkey", "NotAllowedError");
      return credentialOf(shown);
    },
  };
  Object.defineProperty(navigator, "credentials", { value: manager, configurable: true });
}
