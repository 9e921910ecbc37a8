import { expect, test, vi } from "vitest";
import decodeQR from "qr/decode.js";
import { makeStore } from "@/lib/test/factories";
import { GET } from "./route";

vi.mock("next/headers", () => ({ cookies: () => Promise.resolve({ get: () => undefined }) }));

const get = (code: string, query = "") => GET(new Request(`http://localhost:3000/api/qr/${code}${query}`), { params: Promise.resolve({ code }) });

/** Draws the dark shapes of our SVG: the path of modules and the rectangles, in order; the tile in the middle becomes a grey square. */
function draw(svg: string) {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)![1]);
  const scale = 8;
  const size = side * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  const fill = (x: number, y: number, width: number, height: number, tone: number) => {
    for (let row = Math.round(y * scale); row < Math.round((y + height) * scale); row += 1)
      for (let column = Math.round(x * scale); column < Math.round((x + width) * scale); column += 1) data.fill(tone, (row * size + column) * 4, (row * size + column) * 4 + 3);
  };
  const tone = (colour: string) => (colour.toUpperCase() === "#0B1B36" ? 20 : 255);
  const tile = /<svg x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg);
  for (const [, x = "", y = "", width = ""] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) fill(Number(x), Number(y), Number(width), 1, 20);
  const outside = tile ? svg.slice(0, tile.index) : svg;
  for (const [, x = "", y = "", width = "", colour = ""] of outside.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*fill="(#\w+)"/g)) fill(Number(x), Number(y), Number(width), Number(width), tone(colour));
  if (tile) fill(Number(tile[1]), Number(tile[1]), Number(tile[2]), Number(tile[2]), 128);
  return { width: size, height: size, data };
}

test("the code says the store's pay link, also with the tile over its middle", async () => {
  const { shortCode } = await makeStore();
  const response = await get(shortCode);
  expect(response.headers.get("content-type")).toContain("image/svg+xml");
  const svg = await response.text();
  expect(svg).toContain("<svg x=");
  expect(decodeQR(draw(svg))).toBe(`http://localhost:3000/p/${shortCode}`);
});

test("as a file it has a name; a name with markup stays text", async () => {
  const { shortCode } = await makeStore();
  const response = await get(shortCode, "?format=svg");
  expect(response.headers.get("content-disposition")).toBe(`attachment; filename="cocopay-${shortCode}.svg"`);
});

test.each(["ZZZZZZ", "x", "<svg>", "../../etc"])("%j is not found", async (code) => expect((await get(code)).status).toBe(404));
