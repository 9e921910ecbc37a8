import "server-only";
import { setImmediate } from "node:timers/promises";
import { PDFDocument, rgb, type PDFFont, type PDFPage } from "pdf-lib";
import { embedFonts, writable, type PdfFace } from "@/lib/receipts/pdf-fonts";

/** A table on paper in words. Whoever makes it has chosen language and time zone. */
export type TablePaper = {
  title: string;
  /** The period or day. */
  span: string;
  notFiscal: string;
  store: string;
  storeLines: string[];
  facts: { term: string; value: string }[];
  /** `share` of the width, all adding up to 1. */
  columns: { head: string; share: number; align?: "right" }[];
  rows: string[][];
  /** Said instead of rows where there are none. */
  empty: string;
  notes: string[];
  /** "Página 2 de 7". */
  page: (number: number, of: number) => string;
  language: string;
  /** The one time in the file: the same table gives the same bytes. */
  at: Date;
};

/** A4, in points. */
const PAGE = { width: 595.28, height: 841.89, margin: 44, foot: 30 };
const ROOM = PAGE.width - 2 * PAGE.margin;
const ROW = 17;
const GAP = 8;
const INK = rgb(11 / 255, 27 / 255, 54 / 255);
const MUTED = rgb(78 / 255, 92 / 255, 117 / 255);
const LINE = rgb(221 / 255, 221 / 255, 211 / 255);
const BRAND = rgb(26 / 255, 63 / 255, 178 / 255);
const FACTS_A_ROW = 4;

/** The table as a PDF with the look's own faces: a head, its facts, as many pages of rows as it takes, each with its number. */
export async function tablePdf(paper: TablePaper): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(`${paper.title}, ${paper.store}`, { showInWindowTitleBar: true });
  document.setLanguage(paper.language);
  document.setProducer("CocoPay");
  document.setCreator("CocoPay");
  document.setCreationDate(paper.at);
  document.setModificationDate(paper.at);
  const fonts = await embedFonts(document);
  const sheet = new Sheet(document, fonts);

  sheet.text("CocoPay", { face: "display", size: 14, color: BRAND });
  sheet.down(6);
  sheet.text(paper.title, { face: "display", size: 20 });
  sheet.text(paper.span, { size: 11, color: MUTED });
  sheet.down(8);
  sheet.text(paper.store, { face: "strong", size: 12 });
  for (const line of paper.storeLines) sheet.text(line, { size: 9, color: MUTED });
  sheet.down(12);
  for (let from = 0; from < paper.facts.length; from += FACTS_A_ROW) sheet.facts(paper.facts.slice(from, from + FACTS_A_ROW));
  sheet.down(6);
  const heads = () => sheet.row(paper.columns.map(({ head }) => head), paper.columns, { face: "strong", size: 8.5, color: MUTED });
  heads();
  if (paper.rows.length === 0) sheet.text(paper.empty, { size: 10, color: MUTED });
  for (const [index, row] of paper.rows.entries()) {
    if (!sheet.hasRoom(ROW)) {
      sheet.turn();
      heads();
      // Drawing a long statement must not keep everybody else waiting.
      await setImmediate();
    }
    sheet.row(row, paper.columns, { size: 9, isLast: index === paper.rows.length - 1 });
  }
  sheet.down(10);
  for (const note of [...paper.notes, paper.notFiscal]) {
    if (!sheet.hasRoom(ROW)) sheet.turn();
    sheet.text(note, { size: 8.5, color: MUTED });
  }
  sheet.number(paper.page);
  return document.save();
}

type Style = { face?: PdfFace; size: number; color?: ReturnType<typeof rgb> };

/** Writes from top to bottom. */
class Sheet {
  #page: PDFPage;
  #y = PAGE.height - PAGE.margin;
  readonly #document: PDFDocument;
  readonly #fonts: Record<PdfFace, PDFFont>;

  constructor(document: PDFDocument, fonts: Record<PdfFace, PDFFont>) {
    this.#document = document;
    this.#fonts = fonts;
    this.#page = document.addPage([PAGE.width, PAGE.height]);
  }

  hasRoom = (points: number): boolean => this.#y - points > PAGE.margin + PAGE.foot;

  turn() {
    this.#page = this.#document.addPage([PAGE.width, PAGE.height]);
    this.#y = PAGE.height - PAGE.margin;
  }

  down(points: number) {
    this.#y -= points;
  }

  /** One line over the whole width, cut where it would not fit. */
  text(text: string, { face = "text", size, color = INK }: Style) {
    const font = this.#fonts[face];
    this.down(size * 1.4);
    this.#page.drawText(fit(writable(text, font), font, size, ROOM), { x: PAGE.margin, y: this.#y, font, size, color });
  }

  /** A name above its value, side by side. */
  facts(facts: readonly { term: string; value: string }[]) {
    const width = ROOM / FACTS_A_ROW;
    this.down(34);
    for (const [index, { term, value }] of facts.entries()) {
      const x = PAGE.margin + index * width;
      const [text, strong] = [this.#fonts.text, this.#fonts.strong];
      this.#page.drawText(fit(writable(term, text), text, 8.5, width - GAP), { x, y: this.#y + 15, font: text, size: 8.5, color: MUTED });
      this.#page.drawText(fit(writable(value, strong), strong, 12, width - GAP), { x, y: this.#y, font: strong, size: 12, color: INK });
    }
  }

  row(cells: readonly string[], columns: TablePaper["columns"], { face = "text", size, color = INK, isLast = false }: Style & { isLast?: boolean }) {
    const font = this.#fonts[face];
    this.down(ROW);
    let x = PAGE.margin;
    for (const [index, { share, align }] of columns.entries()) {
      const width = ROOM * share;
      const text = fit(writable(cells[index] ?? "", font), font, size, width - GAP);
      this.#page.drawText(text, { x: align === "right" ? x + width - widthOf(text, font, size) : x, y: this.#y + 5, font, size, color });
      x += width;
    }
    if (!isLast) this.#page.drawLine({ start: { x: PAGE.margin, y: this.#y }, end: { x: PAGE.width - PAGE.margin, y: this.#y }, thickness: 0.6, color: LINE });
  }

  number(words: TablePaper["page"]) {
    const pages = this.#document.getPages();
    const font = this.#fonts.text;
    for (const [index, page] of pages.entries()) {
      const text = writable(words(index + 1, pages.length), font);
      page.drawText(text, { x: PAGE.width - PAGE.margin - widthOf(text, font, 8.5), y: PAGE.margin - 12, font, size: 8.5, color: MUTED });
    }
  }
}

/** Widths of letters at one point: asking the face for whole lines, thousands of times, is what would take seconds. */
const widths = new WeakMap<PDFFont, Map<string, number>>();
function widthOf(text: string, font: PDFFont, size: number): number {
  const known = widths.get(font) ?? new Map<string, number>();
  widths.set(font, known);
  let width = 0;
  for (const letter of text) {
    const own = known.get(letter) ?? font.widthOfTextAtSize(letter, 1_000) / 1_000;
    known.set(letter, own);
    width += own * size;
  }
  return width;
}

/** As much of a text as its room takes. */
function fit(text: string, font: PDFFont, size: number, room: number): string {
  if (widthOf(text, font, size) <= room) return text;
  let [shown, left] = ["", room - widthOf("...", font, size)];
  for (const letter of text) {
    left -= widthOf(letter, font, size);
    if (left < 0) break;
    shown += letter;
  }
  return `${shown}...`;
}
