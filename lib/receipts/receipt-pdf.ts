import "server-only";
import { PDFDocument, rgb, type PDFFont, type PDFPage } from "pdf-lib";
import { embedFonts, writable, type PdfFace } from "./pdf-fonts";

/** A receipt in words, as paper shows it. Whoever makes it has chosen language and time zone. */
export type ReceiptPaper = {
  title: string;
  notFiscal: string;
  store: string;
  /** Place, CNPJ, legal name. */
  storeLines: string[];
  amount: string;
  state: string;
  when: string;
  lines: { term: string; value: string; isTotal?: boolean }[];
  notes: string[];
  /** Null for what has none, such as money sent to somebody. */
  code: { term: string; value: string } | null;
  detailsTitle: string;
  details: { term: string; value: string }[];
  language: string;
  /** The one time in the file: the same payment gives the same bytes. */
  at: Date;
};

/** A5, in points. */
const PAGE = { width: 419.53, height: 595.28, margin: 40 };
const INK = rgb(11 / 255, 27 / 255, 54 / 255);
const MUTED = rgb(78 / 255, 92 / 255, 117 / 255);
const LINE = rgb(221 / 255, 221 / 255, 211 / 255);
const BRAND = rgb(26 / 255, 63 / 255, 178 / 255);

/** The receipt as a PDF with the look's own faces, equal to the byte for equal words. */
export async function receiptPdf(paper: ReceiptPaper): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(paper.title, { showInWindowTitleBar: true });
  document.setLanguage(paper.language);
  document.setProducer("CocoPay");
  document.setCreator("CocoPay");
  document.setCreationDate(paper.at);
  document.setModificationDate(paper.at);
  const pen = new Pen(document, await embedFonts(document));

  pen.line("CocoPay", { face: "display", size: 15, color: BRAND });
  pen.gap(10);
  pen.line(paper.title, { face: "strong", size: 11 });
  pen.line(paper.notFiscal, { size: 9, color: MUTED });
  pen.rule();
  pen.line(paper.store, { face: "display", size: 16 });
  for (const line of paper.storeLines) pen.line(line, { size: 9, color: MUTED });
  pen.gap(8);
  pen.line(paper.amount, { face: "display", size: 26 });
  pen.pair(paper.when, paper.state, { size: 9.5, color: MUTED, valueFace: "strong" });
  pen.rule();
  for (const { term, value, isTotal } of paper.lines) pen.pair(term, value, isTotal ? { face: "strong", valueFace: "strong", size: 11 } : { size: 10, color: MUTED, valueFace: "strong" });
  for (const note of paper.notes) pen.line(note, { size: 8.5, color: MUTED });
  pen.rule();
  if (paper.code) {
    pen.line(paper.code.term, { size: 9, color: MUTED });
    pen.line(paper.code.value, { face: "display", size: 20, spacing: 3 });
    pen.rule();
  }
  pen.line(paper.detailsTitle, { face: "strong", size: 9 });
  for (const { term, value } of paper.details) {
    pen.line(term, { size: 7.5, color: MUTED });
    pen.line(value, { size: 7.5 });
  }
  return document.save();
}

type Style = { face?: PdfFace; valueFace?: PdfFace; size: number; color?: ReturnType<typeof rgb>; spacing?: number };

/** Writes from top to bottom and turns the page when it is full. */
class Pen {
  #page: PDFPage;
  #y = PAGE.height - PAGE.margin;
  readonly #document: PDFDocument;
  readonly #fonts: Record<PdfFace, PDFFont>;

  constructor(document: PDFDocument, fonts: Record<PdfFace, PDFFont>) {
    this.#document = document;
    this.#fonts = fonts;
    this.#page = document.addPage([PAGE.width, PAGE.height]);
  }

  /** A text over the whole width, broken where it has to be. */
  line(text: string, { face = "text", size, color = INK, spacing = 0 }: Style) {
    const font = this.#fonts[face];
    for (const part of broken(writable(text, font), font, size, PAGE.width - 2 * PAGE.margin, spacing)) {
      this.#down(size * 1.4);
      if (spacing === 0) this.#page.drawText(part, { x: PAGE.margin, y: this.#y, font, size, color });
      else this.#spaced(part, { font, size, color, spacing });
    }
  }

  /** A term at the left and its value at the right; a long term breaks, the value never does. */
  pair(term: string, value: string, { face = "text", valueFace = face, size, color = INK }: Style) {
    const [font, valueFont] = [this.#fonts[face], this.#fonts[valueFace]];
    const shown = writable(value, valueFont);
    const width = valueFont.widthOfTextAtSize(shown, size);
    const lines = broken(writable(term, font), font, size, PAGE.width - 2 * PAGE.margin - width - 12, 0);
    lines.forEach((part, index) => {
      this.#down(size * 1.6);
      this.#page.drawText(part, { x: PAGE.margin, y: this.#y, font, size, color });
      if (index === 0) this.#page.drawText(shown, { x: PAGE.width - PAGE.margin - width, y: this.#y, font: valueFont, size, color: INK });
    });
  }

  gap(points: number) {
    this.#y -= points;
  }

  rule() {
    this.#down(12);
    this.#page.drawLine({ start: { x: PAGE.margin, y: this.#y }, end: { x: PAGE.width - PAGE.margin, y: this.#y }, thickness: 1, color: LINE, dashArray: [4, 3] });
    this.gap(4);
  }

  #spaced(text: string, { font, size, color, spacing }: { font: PDFFont; size: number; color: ReturnType<typeof rgb>; spacing: number }) {
    let x = PAGE.margin;
    for (const letter of text) {
      this.#page.drawText(letter, { x, y: this.#y, font, size, color });
      x += font.widthOfTextAtSize(letter, size) + spacing;
    }
  }

  #down(points: number) {
    if (this.#y - points < PAGE.margin) {
      this.#page = this.#document.addPage([PAGE.width, PAGE.height]);
      this.#y = PAGE.height - PAGE.margin;
    }
    this.#y -= points;
  }
}

/** Lines no wider than the room: at spaces, and inside a word that is wider than all of it (a hash). */
function broken(text: string, font: PDFFont, size: number, room: number, spacing: number): string[] {
  const widths = new Map<string, number>();
  const widthOf = (letter: string): number => {
    const width = widths.get(letter) ?? font.widthOfTextAtSize(letter, size) + spacing;
    widths.set(letter, width);
    return width;
  };
  const lines: string[] = [];
  let [line, used] = ["", 0];
  const turn = () => {
    lines.push(line);
    [line, used] = ["", 0];
  };
  for (const word of text.split(" ")) {
    const width = [...word].reduce((sum, letter) => sum + widthOf(letter), 0);
    if (line !== "" && used + widthOf(" ") + width > room) turn();
    else if (line !== "") [line, used] = [`${line} `, used + widthOf(" ")];
    for (const letter of word) {
      if (line !== "" && used + widthOf(letter) > room) turn();
      [line, used] = [line + letter, used + widthOf(letter)];
    }
  }
  return [...lines, line];
}
