import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { ringKeyEncryption } from "./keys";

const one = `1:${randomBytes(32).toString("base64")}`;
const two = `2:${randomBytes(32).toString("base64")}`;
const context = { holderId: "0192f0c4-0000-7000-8000-000000000001", address: "0x00000000000000000000000000000000000000aa" };
const key = randomBytes(32);

test("what is sealed opens, for its holder and address", async () => {
  const ring = ringKeyEncryption(one);
  const sealed = await ring.seal(key, context);
  expect(sealed).toMatch(/^v1\.1\.[\w-]{16}\.[\w-]{22}\.[\w-]{43}$/);
  expect(await ring.open(sealed, context)).toEqual(key);
  expect(await ring.open(sealed, { holderId: context.holderId.toUpperCase(), address: context.address.toUpperCase() })).toEqual(key);
});

test("a nonce is never used again", async () => {
  const ring = ringKeyEncryption(one);
  const nonces = await Promise.all(Array.from({ length: 500 }, async () => (await ring.seal(key, context)).split(".")[2]));
  expect(new Set(nonces).size).toBe(500);
});

test("every flipped bit is refused", async () => {
  const ring = ringKeyEncryption(one);
  const parts = (await ring.seal(key, context)).split(".");
  for (const index of [2, 3, 4]) {
    const bytes = Buffer.from(parts[index]!, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await expect(ring.open(parts.with(index, flipped.toString("base64url")).join("."), context)).rejects.toThrow("does not open");
    }
  }
});

test.each([
  ["another holder", { ...context, holderId: "0192f0c4-0000-7000-8000-000000000002" }],
  ["another address", { ...context, address: "0x00000000000000000000000000000000000000ab" }],
])("a key moved to %s does not open", async (_where, moved) => {
  const ring = ringKeyEncryption(one);
  await expect(ring.open(await ring.seal(key, context), moved)).rejects.toThrow("does not open");
});

test("a new version seals, the old one still opens, and versions cannot be swapped", async () => {
  const old = await ringKeyEncryption(one).seal(key, context);
  const both = ringKeyEncryption(`${one},${two}`);
  const fresh = await both.seal(key, context);
  expect(fresh.startsWith("v1.2.")).toBe(true);
  expect(await both.open(old, context)).toEqual(key);
  expect(await both.open(fresh, context)).toEqual(key);
  await expect(ringKeyEncryption(two).open(old, context)).rejects.toThrow("key-encryption key 1");
  await expect(both.open(old.replace("v1.1.", "v1.2."), context)).rejects.toThrow("does not open");
});

test.each(["", "v1", "v2.1.a.b.c", "v1.1..", "v1.x.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.AAAA", "v1.1.AAAA.AAAA.AAAA"])("%j is no sealed key", async (sealed) => {
  await expect(ringKeyEncryption(one).open(sealed, context)).rejects.toThrow("Invariant");
});

test("a tag cut short is refused, though GCM would take it", async () => {
  const ring = ringKeyEncryption(one);
  const parts = (await ring.seal(key, context)).split(".");
  await expect(ring.open(parts.with(3, Buffer.from(parts[3]!, "base64url").subarray(0, 4).toString("base64url")).join("."), context)).rejects.toThrow("sizes");
});
