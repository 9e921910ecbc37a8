import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { makePerson, makeStore } from "@/lib/test/factories";
import { drawLogo, findLogo, LOGO_BYTES_MAX, changeLogo } from "./logo";

const picture = (width = 800, height = 600) => sharp({ create: { width, height, channels: 3, background: "#B04A22" } });

describe("drawLogo", () => {
  test.each(["png", "jpeg", "webp"] as const)("draws a %s anew as two squares of WebP", async (format) => {
    const { large, small, hash } = await drawLogo(await picture().toFormat(format).toBuffer());
    expect(await sharp(large).metadata()).toMatchObject({ format: "webp", width: 512, height: 512 });
    expect(await sharp(small).metadata()).toMatchObject({ format: "webp", width: 128, height: 128 });
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });

  test("what stood beside the pixels is gone: place, camera, comments", async () => {
    const sent = await picture().withExif({ IFD0: { Copyright: "Rua Secreta 12", Software: "Camera" }, IFD3: { GPSLatitude: "27/1 34/1 0/1" } }).jpeg().toBuffer();
    expect(sent.includes("Rua Secreta")).toBe(true);
    const { large } = await drawLogo(sent);
    expect(large.includes("Rua Secreta")).toBe(false);
    expect((await sharp(large).metadata()).exif).toBeUndefined();
  });

  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>';
  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ["nothing", () => Buffer.alloc(0)],
    ["an SVG", () => Buffer.from(svg)],
    ["HTML that is named a PNG", () => Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["a GIF", () => picture(20, 20).gif().toBuffer()],
    ["a PDF", () => Buffer.from("%PDF-1.7\n%âãÏÓ")],
    ["the first bytes of a PNG and then an SVG", () => Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from(svg)])],
    ["half a JPEG", async () => (await picture().jpeg().toBuffer()).subarray(0, 900)],
    ["a bomb of 10,000 × 10,000 pixels in few bytes", () => picture(10_000, 10_000).png({ compressionLevel: 9 }).toBuffer()],
    ["three megabytes", async () => Buffer.concat([await picture().png().toBuffer(), randomBytes(3_000_000)])],
  ])("%s is refused", async (_what, make) => {
    await expect(drawLogo(await make())).rejects.toThrow("image_invalid");
  });

  test("the bomb is small enough to be sent, so the count of pixels is what stops it", async () => {
    expect((await picture(10_000, 10_000).png({ compressionLevel: 9 }).toBuffer()).byteLength).toBeLessThan(LOGO_BYTES_MAX);
  });
});

test("an owner gives, changes and takes away the logo, each with its line; admin, staff and strangers may not", async () => {
  const { storeId, actor: owner } = await makeStore();
  const first = await changeLogo(owner, storeId, await picture().png().toBuffer());
  await changeLogo(owner, storeId, await picture().png().toBuffer());
  const second = await changeLogo(owner, storeId, await picture(300, 900).negate().jpeg().toBuffer());
  expect(second.hash).not.toBe(first.hash);
  expect(await findLogo(storeId, first.hash!, "large")).toBeNull();
  expect((await sharp((await findLogo(storeId, second.hash!, "small"))!).metadata()).width).toBe(128);
  expect(await findLogo(storeId, "../../etc", "large")).toBeNull();
  for (const role of ["admin", "staff"] as const) {
    const { actor } = await makePerson();
    await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, ${role}, now())`;
    await expect(changeLogo(actor, storeId, null)).rejects.toThrow("forbidden");
  }
  await expect(changeLogo((await makePerson()).actor, storeId, null)).rejects.toThrow("not_found");
  await changeLogo(owner, storeId, null);
  expect(await findLogo(storeId, second.hash!, "small")).toBeNull();
  const lines = await sql<{ old: string | null; new: string | null }[]>`SELECT old_values->>'logo' AS old, new_values->>'logo' AS new FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.logo_changed' ORDER BY id`;
  expect([...lines]).toEqual([{ old: null, new: first.hash }, { old: first.hash, new: second.hash }, { old: second.hash, new: null }]);
});
