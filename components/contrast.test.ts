import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The contrast table of the look, recomputed from the stylesheet: pair, light, dark, and what WCAG 2.2 needs. */
const TABLE = [
  ["ink on surface", 15.97, 16.72, 4.5],
  ["ink on card", 17.15, 14.85, 4.5],
  ["ink on sunk", 14.6, 12.81, 4.5],
  ["muted on surface", 5.99, 8.88, 4.5],
  ["muted on card", 6.43, 7.89, 4.5],
  ["muted on sunk", 5.47, 6.81, 4.5],
  ["brand-ink on surface", 7.69, 9.38, 4.5],
  ["brand-ink on card", 8.26, 8.33, 4.5],
  ["brand-ink on brand-soft", 6.93, 7.41, 4.5],
  ["ink on brand-soft", 14.38, 13.2, 4.5],
  ["on-brand on brand", 8.26, 4.85, 4.5],
  ["on-brand on brand-press", 11.57, 6.48, 4.5],
  ["on-deep on deep", 11.57, 14.1, 4.5],
  ["on-deep-muted on deep", 7.68, 8.66, 4.5],
  ["on-paid on paid", 8.04, 8.04, 4.5],
  ["on-paid on paid-deep", 5.93, 5.93, 4.5],
  ["positive on card", 6.58, 10.3, 4.5],
  ["positive on positive-soft", 5.73, 8.98, 4.5],
  ["on-reward on reward", 9.97, 9.97, 4.5],
  ["reward-ink on card", 7.79, 11.79, 4.5],
  ["reward-ink on reward-soft", 6.93, 10.15, 4.5],
  ["caution on card", 7.4, 9.44, 4.5],
  ["caution on caution-soft", 6.25, 8.4, 4.5],
  ["danger on card", 6.63, 8.33, 4.5],
  ["danger on danger-soft", 5.6, 7.8, 4.5],
  ["on-danger on danger-fill", 5.88, 5.88, 4.5],
  ["field on card", 3.66, 4.47, 3],
  ["field on surface", 3.41, 5.03, 3],
  ["focus on surface", 7.69, 9.38, 3],
  ["focus on card", 8.26, 8.33, 3],
  ["brand on surface", 7.69, 3.86, 3],
  ["brand on card", 8.26, 3.43, 3],
  ["surface on ink", 15.97, 16.72, 4.5],
] as const;

const css = readFileSync("app/globals.css", "utf8");
const coloursOf = (block: string) => new Map([...block.matchAll(/--color-([\w-]+):\s*(#[0-9A-F]{6})/gi)].map(([, name = "", hex = ""]) => [name, hex] as const));
const blockAfter = (start: string) => css.slice(css.indexOf(start), css.indexOf("}", css.indexOf(start)));

const light = coloursOf(blockAfter("@theme {"));
const chosenDark = coloursOf(blockAfter("[data-theme=dark] {"));
const deviceDark = coloursOf(blockAfter(":root:not([data-theme=light]) {"));
const dark = new Map([...light, ...chosenDark]);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(colours: Map<string, string>, pair: string): number {
  const [front, back] = pair.split(" on ").map((name) => luminance(colours.get(name) ?? "missing"));
  const [bright = 0, dim = 0] = [front ?? Number.NaN, back ?? Number.NaN].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

test.each(TABLE)("%s is %d in light and %d in dark, needs %d", (pair, inLight, inDark, need) => {
  expect(contrast(light, pair)).toBeCloseTo(inLight, 1);
  expect(contrast(dark, pair)).toBeCloseTo(inDark, 1);
  expect(Math.min(contrast(light, pair), contrast(dark, pair))).toBeGreaterThanOrEqual(need);
});

test("dark is the same whether the person or the device chose it", () => {
  expect(chosenDark.size).toBeGreaterThan(20);
  expect([...deviceDark]).toEqual([...chosenDark]);
});
