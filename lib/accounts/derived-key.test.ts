import { hkdfSync, randomBytes } from "node:crypto";
import { hashMessage, recoverAddress, recoverMessageAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { keyOfPrf } from "./derived-key.client";

const ORDER = BigInt("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
const fixed = () => Uint8Array.from({ length: 32 }, (_, index) => index);

/** The same steps by other hands: node's HKDF, plain arithmetic, viem's account. */
function expectedAccount(prf: Uint8Array) {
  const material = BigInt(`0x${Buffer.from(hkdfSync("sha256", prf, "", "cocopay/derived-key/secp256k1/v1", 48)).toString("hex")}`);
  return privateKeyToAccount(`0x${((material % (ORDER - 1n)) + 1n).toString(16).padStart(64, "0")}`);
}

test("a PRF output always gives the address that the written steps give", () => {
  for (let round = 0; round < 50; round += 1) {
    const prf = round === 0 ? fixed() : Uint8Array.from(randomBytes(32));
    const expected = expectedAccount(prf).address.toLowerCase();
    expect(keyOfPrf(prf).address).toBe(expected);
  }
});

test("this very output gives this very address, for ever", () => {
  expect(keyOfPrf(fixed()).address).toMatchInlineSnapshot(`"0xef51f44da113a67b1313bd53361f62b544e98fb0"`);
});

test("it signs hashes and texts as a wallet would, with the small half", async () => {
  const account = expectedAccount(fixed());
  const key = keyOfPrf(fixed());
  const hash = `0x${randomBytes(32).toString("hex")}` as const;
  expect(key.signHash(hash)).toBe(await account.sign({ hash }));
  expect(await recoverAddress({ hash, signature: key.signHash(hash) })).toBe(account.address);
  for (const text of ["", "CocoPay", "olá, ação ☀️", "x".repeat(1_000)]) {
    expect(key.signMessage(text)).toBe(await account.signMessage({ message: text }));
    expect(await recoverMessageAddress({ message: text, signature: key.signMessage(text) })).toBe(account.address);
    expect(key.signHash(hashMessage(text))).toBe(key.signMessage(text));
  }
});

test("afterwards there is nothing: the output is wiped at once, the key after its use, and it signs no more", () => {
  const prf = fixed();
  const key = keyOfPrf(prf);
  expect(prf.every((byte) => byte === 0)).toBe(true);
  key.wipe();
  expect(() => key.signMessage("x")).toThrow("wiped");
  expect(JSON.stringify(key)).not.toMatch(/secret|private/i);
});

test("only whole hashes are signed", () => {
  expect(() => keyOfPrf(fixed()).signHash("0x1234")).toThrow("32 bytes");
});
