import fc from "fast-check";
import { bytesToHex, keccak256 } from "viem";
import { privateKeyToAddress, sign } from "viem/accounts";
import { expect, test } from "vitest";
import { addressOfKey, generateKey } from "./keys";
import { signHash } from "./sign-hash";

test("signs as viem does, byte for byte, and the address is the same from bytes and from text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (message) => {
      const { privateKey, address } = generateKey();
      const hash = keccak256(message);
      const text = bytesToHex(privateKey);
      expect(signHash(hash, privateKey)).toBe(await sign({ hash, privateKey: text, to: "hex" }));
      expect([address, addressOfKey(text)]).toEqual([privateKeyToAddress(text).toLowerCase(), address]);
    }),
    { numRuns: 50 },
  );
});

test("a key of other size, and the empty one, sign nothing", () => {
  const hash = keccak256("0x01");
  for (const key of [new Uint8Array(), new Uint8Array(31), new Uint8Array(32), new Uint8Array(33).fill(1)]) expect(() => signHash(hash, key)).toThrow();
});
