import { decodeQR } from "qr/decode.js";
import { expect, test } from "vitest";
import { qrSvg } from "./qr-code";

/** Draws the ink of the markup on a grid of pixels: the reader sees what a camera would, the tile as a grey block. */
function photograph(svg: string, scale: number): { width: number; height: number; data: Uint8ClampedArray } {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const size = side * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  const fill = (x: number, y: number, width: number, height: number, level: number) => {
    for (let row = Math.round(y * scale); row < Math.round((y + height) * scale); row += 1)
      for (let column = Math.round(x * scale); column < Math.round((x + width) * scale); column += 1) data.fill(level, (row * size + column) * 4, (row * size + column) * 4 + 3);
  };
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) fill(Number(x), Number(y), Number(width), 1, 0);
  for (const [, x, y, width, height, , ink] of svg.matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"( rx="[\d.]+")? fill="(#\w+)"/g))
    fill(Number(x), Number(y), Number(width), Number(height), ink === "#FFFFFF" ? 255 : 0);
  const tile = /<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/.exec(svg);
  if (tile) fill(Number(tile[1]), Number(tile[2]), Number(tile[3]), Number(tile[3]), 110);
  return { width: size, height: size, data };
}

test.each(["https://cocopay.app/p/CAFE7", "http://127.0.0.1:3000/p/ABC234", "https://cocopay.app/p/CAFE7/charge/0190a7c2-5b1e-7c43-9d1f-3a6b8c2e4f10"])("a reader finds %s behind the tile", (text) => {
  const svg = qrSvg({ text, seed: "cafe:1", label: "QR" });
  expect(decodeQR(photograph(svg, 4))).toBe(text);
});

test("the tile covers at most 17 % of the side, and four modules round the code stay white", () => {
  const svg = qrSvg({ text: "https://cocopay.app/p/CAFE7", seed: "cafe:1", label: "QR" });
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) - 8;
  expect(Number(/<svg x="[\d.]+" y="[\d.]+" width="([\d.]+)"/.exec(svg)?.[1]) / side).toBeLessThanOrEqual(0.17);
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h/g)) expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(4);
});

test("a label cannot break out of the markup", () => {
  expect(qrSvg({ text: "a", label: '"><script>' })).not.toContain("<script>");
});
