import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { tileArt, tileOf, tileQuarters, tileSeed, tileWord } from "./tile-art";

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Computed once from the designer's tile: printed stickers depend on these, so they never change. */
const VECTORS = [
  ["", "cobalto", 2, 4, 3, true, "maré", "1946835c502b2487", "abf7019d3371f10d"],
  ["concha", "pedra", 3, 4, 1, true, "concha", "27fda4513a513900", "2b809c2c4eff6147"],
  ["0190a7c2-5b1e-7c43-9d1f-3a6b8c2e4f10:1", "mar", 3, 2, 1, true, "erva", "7679e539c20154c2", "6c1657dc20071d33"],
  ["0190a7c2-5b1e-7c43-9d1f-3a6b8c2e4f10:2", "jabuticaba", 2, 5, 3, true, "tambor", "040f3b663988ffc6", "85c7be1524ba5804"],
  ["cafe-da-praia:1", "ipe", 3, 3, 0, false, "rede", "edea6460c27b917f", "889eb6387cfd9049"],
  ["padaria-sol:1", "pitanga", 2, 0, 0, true, "butiá", "b647d5be6836c87d", "bff20a42f8f048ef"],
  ["surf-shop:3", "barro", 2, 1, 1, true, "lagoa", "c13f1e2e990898d8", "aef4487e54b10a01"],
  ["açaí 🥥:1", "mar", 0, 0, 0, false, "canoa", "e7a6d0b577d57f1a", "239fc3f7adc66104"],
] as const;

test.each(VECTORS)("the tile of %j", (seed, glaze, corner, middle, edge, isInverted, word, art, parts) => {
  const look = tileOf(seed);
  expect([look.glaze.key, look.corner, look.middle, look.edge, look.isInverted, look.word]).toEqual([glaze, corner, middle, edge, isInverted, word]);
  expect(digest(tileArt(look))).toBe(art);
  const { ground, quarters } = tileQuarters(look);
  expect(digest(ground + quarters.join("|"))).toBe(parts);
  expect(tileWord(seed)).toBe(word);
});

test("two thousand stores look as the designer drew them", () => {
  const looks = Array.from({ length: 2000 }, (_, index) => tileOf(tileSeed(`store-${index}`, 1)));
  expect(digest(looks.map((look) => tileArt(look) + look.word).join(""))).toBe("ecda58361b6a782c");
});

test("a rotated code shows another tile", () => {
  expect(tileArt(tileOf(tileSeed("a", 1)))).not.toBe(tileArt(tileOf(tileSeed("a", 2))));
});
