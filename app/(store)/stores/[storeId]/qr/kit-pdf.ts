import { clip, endPath, fill, PDFDocument, popGraphicsState, pushGraphicsState, rectangle, rgb, setFillingRgbColor, type PDFFont, type PDFImage, type PDFPage } from "pdf-lib";
import sharp from "sharp";
import { qrModules } from "@/components/qr-code";
import { TILE_GROUND, tileArt, tileOf } from "@/components/tile-art";
import { embedFonts, writable, type PdfFace } from "@/lib/receipts/pdf-fonts";

/** What the paper says; the words are the caller's, in the caller's language. */
export type QrKit = { name: string; payUrl: string; shortCode: string; seed: string; words: { pay: string; code: string; word: string; rewards: string }; title: string; language: string };
export type QrPaper = "a4" | "a6" | "stickers";

const MM = 72 / 25.4;
const PAPERS = { a4: [210 * MM, 297 * MM], a6: [105 * MM, 148 * MM] } as const;
/** The width of the drawing that the poster follows (look/mockups/poster-a6), in its own pixels. */
const DRAWING = 397;
const [INK, MUTED, LINE, BRAND, PAPER] = ["#0B1B36", "#525F78", "#D8D8CF", "#1B43B8", TILE_GROUND].map(colourOf) as [Colour, Colour, Colour, Colour, Colour];
/** Of the tile's picture: sharp at 600 dots an inch on the A4 poster's largest tile. */
const TILE_PIXELS = 640;
/** The modules of a sticker's code, without its quiet zone: three centimetres. */
const STICKER = { width: 48 * MM, height: 66 * MM, code: 30 * MM, frieze: 6 * MM, columns: 4, rows: 4 } as const;

type Colour = { red: number; green: number; blue: number };
function colourOf(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return { red: (value >> 16) / 255, green: ((value >> 8) & 255) / 255, blue: (value & 255) / 255 };
}
const ink = ({ red, green, blue }: Colour) => rgb(red, green, blue);

type Pen = { page: PDFPage; fonts: Record<PdfFace, PDFFont>; tile: PDFImage; kit: QrKit };

/** The store's QR on paper: a poster, or a sheet of stickers to cut. Everything but the tile is drawn as lines, so it prints sharp at any size. */
export async function qrKitPdf(kit: QrKit, paper: QrPaper): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(kit.title, { showInWindowTitleBar: true });
  document.setLanguage(kit.language);
  document.setProducer("CocoPay");
  document.setCreator("CocoPay");
  const fonts = await embedFonts(document);
  const art = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="${TILE_PIXELS}" height="${TILE_PIXELS}">${tileArt(tileOf(kit.seed))}</svg>`;
  const tile = await document.embedPng(await sharp(Buffer.from(art)).png().toBuffer());
  const page = document.addPage([...(paper === "a6" ? PAPERS.a6 : PAPERS.a4)]);
  const pen: Pen = { page, fonts, tile, kit };
  if (paper === "stickers") stickers(pen);
  else poster(pen);
  return document.save();
}

function poster(pen: Pen) {
  const { page, kit, fonts } = pen;
  const [width, height] = [page.getWidth(), page.getHeight()];
  const unit = width / DRAWING;
  /** From the drawing's top, in its pixels. */
  const y = (top: number) => height - top * unit;
  block(page, { x: 0, y: 0, width, height }, PAPER);
  pattern(pen, { x: 0, y: y(88), width, height: 88 * unit }, 44 * unit);
  pattern(pen, { x: 0, y: 0, width, height: 22 * unit }, 22 * unit);

  centred(pen, kit.words.pay, { middle: width / 2, baseline: y(124), size: 17 * unit, face: "text", colour: MUTED, room: 340 * unit });
  const lines = inLines(writable(kit.name, fonts.display), fonts.display, 38 * unit, 345 * unit);
  const size = Math.min(lines.length > 1 ? 24 * unit : 38 * unit, ...lines.map((line) => (345 * unit * 1) / fonts.display.widthOfTextAtSize(line, 1)));
  lines.forEach((line, index) => centred(pen, line, { middle: width / 2, baseline: y(lines.length > 1 ? 148 + 24 * index : 163), size, face: "display", colour: INK, room: 345 * unit }));
  code(pen, { x: width / 2 - 116 * unit, y: y(418), side: 232 * unit });

  const columns = [
    [width / 2 - 62 * unit, kit.words.code, kit.shortCode, 2 * unit],
    [width / 2 + 66 * unit, kit.words.word, tileOf(kit.seed).word, 0],
  ] as const;
  for (const [middle, label, value, spacing] of columns) {
    centred(pen, label, { middle, baseline: y(449), size: 13 * unit, face: "text", colour: MUTED, room: 120 * unit });
    centred(pen, value, { middle, baseline: y(479), size: 24 * unit, face: "display", colour: INK, room: 122 * unit, spacing });
  }
  page.drawLine({ start: { x: width / 2 + 2 * unit, y: y(439) }, end: { x: width / 2 + 2 * unit, y: y(479) }, thickness: unit, color: ink(LINE) });
  mark(page, { x: 22 * unit, y: y(502), side: 22 * unit });
  page.drawText("CocoPay", { x: 51 * unit, y: y(519), size: 18 * unit, font: fonts.display, color: ink(INK) });
  const rewards = writable(kit.words.rewards, fonts.text);
  page.drawText(rewards, { x: width - 22 * unit - fonts.text.widthOfTextAtSize(rewards, 13 * unit), y: y(517), size: 13 * unit, font: fonts.text, color: ink(MUTED) });
}

function stickers(pen: Pen) {
  const { page } = pen;
  const left = (page.getWidth() - STICKER.columns * STICKER.width) / 2;
  const bottom = (page.getHeight() - STICKER.rows * STICKER.height) / 2;
  for (let row = 0; row < STICKER.rows; row += 1) for (let column = 0; column < STICKER.columns; column += 1) sticker(pen, left + column * STICKER.width, bottom + row * STICKER.height);
}

function sticker(pen: Pen, x: number, y: number) {
  const { page, kit, fonts } = pen;
  const { width, height, frieze } = STICKER;
  const middle = x + width / 2;
  block(page, { x, y, width, height }, PAPER);
  pattern(pen, { x, y: y + height - frieze, width, height: frieze }, frieze);
  const name = shortened(writable(kit.name, fonts.display), fonts.display, 11, width - 6 * MM);
  centred(pen, name, { middle, baseline: y + height - frieze - 6.2 * MM, size: 11, face: "display", colour: INK, room: width - 6 * MM });
  code(pen, { x: middle - STICKER.code / 2, y: y + 14.5 * MM, side: STICKER.code });
  centred(pen, `${kit.shortCode}  ·  ${tileOf(kit.seed).word}`, { middle, baseline: y + 5.6 * MM, size: 10, face: "display", colour: INK, room: width - 6 * MM });
  centred(pen, `CocoPay · ${kit.words.pay}`, { middle, baseline: y + 2.4 * MM, size: 6, face: "text", colour: MUTED, room: width - 6 * MM });
  // Where to cut.
  page.drawRectangle({ x, y, width, height, borderColor: ink(LINE), borderWidth: 0.4 });
}

/** The code in filled rectangles; `side` is its modules' width. The paper round it is its quiet zone: four modules that nothing may enter. */
function code({ page, tile, kit }: Pen, { x, y, side }: { x: number; y: number; side: number }) {
  const { count, dark, finders, tileWidth } = qrModules(kit.payUrl, true);
  const cell = side / count;
  const put = (column: number, row: number, width: number, height: number, colour: Colour) => block(page, { x: x + column * cell, y: y + (count - row - height) * cell, width: width * cell, height: height * cell }, colour);
  for (const [column, row, width] of dark) put(column, row, width, 1, INK);
  for (const [column, row] of finders) {
    put(column, row, 7, 7, INK);
    put(column + 1, row + 1, 5, 5, PAPER);
    put(column + 2, row + 2, 3, 3, INK);
  }
  const width = tileWidth * cell;
  page.drawImage(tile, { x: x + (side - width) / 2, y: y + (side - width) / 2, width, height: width });
}

type Box = { x: number; y: number; width: number; height: number };
/** A filled rectangle as the plainest words of a PDF, which a test reads back. */
function block(page: PDFPage, { x, y, width, height }: Box, { red, green, blue }: Colour) {
  page.pushOperators(setFillingRgbColor(red, green, blue), rectangle(x, y, width, height), fill());
}

/** Rows of the tile that fill a box from its top left; what reaches beyond is cut off. */
function pattern({ page, tile }: Pen, { x, y, width, height }: Box, side: number) {
  page.pushOperators(pushGraphicsState(), rectangle(x, y, width, height), clip(), endPath());
  for (let top = 0; top < height; top += side) for (let left = 0; left < width; left += side) page.drawImage(tile, { x: x + left, y: y + height - top - side, width: side, height: side });
  page.pushOperators(popGraphicsState());
}

type Line = { middle: number; baseline: number; size: number; face: PdfFace; colour: Colour; room: number; spacing?: number };
/** One line round a middle, made smaller where it is wider than its room. */
function centred({ page, fonts }: Pen, text: string, { middle, baseline, size, face, colour, room, spacing = 0 }: Line) {
  const font = fonts[face];
  const shown = writable(text, font);
  const letters = [...shown];
  const natural = font.widthOfTextAtSize(shown, size) + spacing * (letters.length - 1);
  const scale = Math.min(1, room / natural);
  let x = middle - (natural * scale) / 2;
  if (spacing === 0) return page.drawText(shown, { x, y: baseline, size: size * scale, font, color: ink(colour) });
  for (const letter of letters) {
    page.drawText(letter, { x, y: baseline, size: size * scale, font, color: ink(colour) });
    x += (font.widthOfTextAtSize(letter, size) + spacing) * scale;
  }
}

/** One line where the name fits, else two of about the same length. */
function inLines(text: string, font: PDFFont, size: number, room: number): string[] {
  const words = text.split(" ");
  if (font.widthOfTextAtSize(text, size) <= room || words.length === 1) return [text];
  const halves = words.slice(1).map((_, index) => [words.slice(0, index + 1).join(" "), words.slice(index + 1).join(" ")]);
  const longest = (pair: string[]) => Math.max(...pair.map((half) => font.widthOfTextAtSize(half, 1)));
  return halves.toSorted((a, b) => longest(a) - longest(b))[0] ?? [text];
}

function shortened(text: string, font: PDFFont, size: number, room: number): string {
  if (font.widthOfTextAtSize(text, size * 0.7) <= room) return text;
  let letters = [...text];
  while (letters.length > 1 && font.widthOfTextAtSize(`${letters.join("")}…`, size * 0.7) > room) letters = letters.slice(0, -1);
  return `${letters.join("").trim()}…`;
}

/** CocoPay's mark: the ring that is a C, and the leaf. */
function mark(page: PDFPage, { x, y, side }: { x: number; y: number; side: number }) {
  const scale = side / 64;
  page.drawSvgPath("M31 10A23 23 0 1 0 54 33", { x, y, scale, borderColor: ink(BRAND), borderWidth: 12 });
  page.drawSvgPath("M36 28A24 24 0 0 1 60 4A24 24 0 0 1 36 28Z", { x, y, scale, color: ink(BRAND) });
}
