import { addressOfOwnerKey } from "@/lib/chain/owner-key";

/** Must be what lib/accounts/seal-key-export.ts seals with. */
const INFO = "cocopay/key-export/v1";
const CURVE = { name: "ECDH", namedCurve: "P-256" };

const base64urlOf = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/** A key pair for one export. The private half cannot leave this page: the browser itself holds it and gives it to nobody. */
export async function newRecipient(): Promise<{ recipientKey: string; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  return { recipientKey: base64urlOf(await crypto.subtle.exportKey("raw", publicKey)), privateKey };
}

/**
 * Opens what the worker sealed for this page (`v1.<ephemeral public key>.<nonce>.<ciphertext>`) and says whose key it is. The caller wipes
 * the bytes. Throws for anything else.
 */
export async function openKeyExport({ sealed, exportId, privateKey }: { sealed: string; exportId: string; privateKey: CryptoKey }): Promise<{ key: Uint8Array; address: string }> {
  const [version, ephemeral = "", nonce = "", ciphertext = ""] = sealed.split(".");
  if (version !== "v1") throw new Error("This export is of another version");
  const text = new TextEncoder();
  const sender = await crypto.subtle.importKey("raw", bytesOf(ephemeral), CURVE, false, []);
  const shared = await crypto.subtle.importKey("raw", await crypto.subtle.deriveBits({ name: "ECDH", public: sender }, privateKey, 256), "HKDF", false, ["deriveKey"]);
  const opening = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: text.encode(exportId), info: text.encode(INFO) }, shared, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const key = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytesOf(nonce) }, opening, bytesOf(ciphertext)));
  return { key, address: addressOfOwnerKey(key) };
}
