import decodeQR from "qr/decode.js";
import { decodePDFRawStream, PDFArray, PDFDocument, PDFRawStream } from "pdf-lib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { qrSvg } from "@/components/qr-code";
import { qrKitPdf, type QrKit, type QrPaper } from "./kit-pdf";

const MM = 72 / 25.4;
const PAY_URL = "https://cocopay.example/p/CAFE7K";
const kit: QrKit = {
  name: "Café da Praia",
  payUrl: PAY_URL,
  shortCode: "CAFE7K",
  seed: "0192f0c0-0000-7000-8000-000000000001:1",
  words: { pay: "Pague com o celular", code: "Código", word: "Confira a palavra", rewards: "Ganhe recompensas aqui" },
  title: "QR para pagar Café da Praia",
  language: "pt-BR",
};

type Block = { x: number; y: number; width: number; height: number; tone: number };

/** The filled rectangles of a page in their order, as a printer would see them. */
async function blocksOf(bytes: Uint8Array): Promise<{ blocks: Block[]; width: number; height: number; pages: number }> {
  const document = await PDFDocument.load(bytes);
  const page = document.getPage(0);
  const contents = page.node.Contents();
  const streams = contents instanceof PDFArray ? contents.asArray().map((ref) => document.context.lookup(ref)) : [contents];
  const text = streams.map((stream) => (stream instanceof PDFRawStream ? Buffer.from(decodePDFRawStream(stream).decode()).toString("latin1") : "")).join("\n");
  const blocks = [...text.matchAll(/([\d.]+) [\d.]+ [\d.]+ rg\n([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re\nf\n/g)].map(([, red, x, y, width, height]) => ({ x: Number(x), y: Number(y), width: Number(width), height: Number(height), tone: Number(red) < 0.5 ? 20 : 255 }));
  return { blocks, width: page.getWidth(), height: page.getHeight(), pages: document.getPageCount() };
}

/** Draws a part of the page, `scale` dots a point. */
function draw(blocks: readonly Block[], part: { x: number; y: number; width: number; height: number }, scale: number) {
  const [width, height] = [Math.round(part.width * scale), Math.round(part.height * scale)];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const { x, y, width: w, height: h, tone } of blocks) {
    const [left, right] = [x - part.x, x + w - part.x].map((value) => Math.min(width, Math.max(0, Math.round(value * scale))));
    const [top, bottom] = [part.y + part.height - y - h, part.y + part.height - y].map((value) => Math.min(height, Math.max(0, Math.round(value * scale))));
    for (let row = top!; row < bottom!; row += 1) for (let column = left!; column < right!; column += 1) data.fill(tone, (row * width + column) * 4, (row * width + column) * 4 + 3);
  }
  return { width, height, data };
}

/** Where the modules of a code stand: the square round its ink. */
function inkOf(blocks: readonly Block[], within: (block: Block) => boolean = () => true) {
  const dark = blocks.filter((block) => block.tone === 20 && within(block));
  const [left, bottom] = [Math.min(...dark.map(({ x }) => x)), Math.min(...dark.map(({ y }) => y))];
  const [right, top] = [Math.max(...dark.map(({ x, width }) => x + width)), Math.max(...dark.map(({ y, height }) => y + height))];
  return { x: left, y: bottom, width: right - left, height: top - bottom, module: Math.min(...dark.map(({ height }) => height)) };
}

describe("the posters", () => {
  test.each<[QrPaper, number, number]>([["a4", 210, 297], ["a6", 105, 148]])("%s: one page of its size, whose drawing is the pay link", async (paper, width, height) => {
    const page = await blocksOf(await qrKitPdf(kit, paper));
    expect(page.pages).toBe(1);
    expect([page.width / MM, page.height / MM].map((side) => Math.round(side))).toEqual([width, height]);
    const code = inkOf(page.blocks);
    expect(code.width).toBeCloseTo(code.height, 3);
    expect(decodeQR(draw(page.blocks, { x: code.x - 40, y: code.y - 40, width: code.width + 80, height: code.height + 80 }, 4))).toBe(PAY_URL);
  });
});

describe("the stickers", () => {
  test("sixteen codes of three centimetres, each with four empty modules round it, readable at 150 dots an inch", async () => {
    const { blocks } = await blocksOf(await qrKitPdf(kit, "stickers"));
    const papers = blocks.filter(({ tone, width }) => tone === 255 && Math.abs(width - 48 * MM) < 0.01);
    expect(papers).toHaveLength(16);
    for (const paper of papers) {
      const code = inkOf(blocks, ({ x, y }) => x >= paper.x && x < paper.x + paper.width && y >= paper.y && y < paper.y + paper.height);
      expect(code.width / MM).toBeCloseTo(30, 2);
      // A camera at arm's length needs 0.4 mm a module.
      expect(code.module / MM).toBeGreaterThan(0.8);
      const quiet = 4 * code.module;
      expect(code.x - paper.x).toBeGreaterThan(quiet);
      expect(paper.x + paper.width - code.x - code.width).toBeGreaterThan(quiet);
      // Text stands below, the name and the frieze above.
      expect(code.y - paper.y - quiet).toBeGreaterThan(9 * MM);
      expect(paper.y + paper.height - code.y - code.height - quiet).toBeGreaterThan(12 * MM);
      expect(decodeQR(draw(blocks, paper, 150 / 72))).toBe(PAY_URL);
    }
  });
});

test.each(["<script>alert(1)</script>", "Padaria e Confeitaria Nossa Senhora da Conceição da Lagoa LTDA", "漢字 🥥", "É"])("the name %j is text on every paper", async (name) => {
  for (const paper of ["a4", "a6", "stickers"] as const) expect((await blocksOf(await qrKitPdf({ ...kit, name }, paper))).pages).toBe(1);
});

test("the picture is a real PNG that reads the same", async () => {
  const png = await sharp(Buffer.from(qrSvg({ text: PAY_URL, seed: kit.seed, moduleSize: 8, label: `QR "<b>"` }))).png().toBuffer();
  expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(decodeQR({ width: info.width, height: info.height, data: new Uint8ClampedArray(data) })).toBe(PAY_URL);
});
