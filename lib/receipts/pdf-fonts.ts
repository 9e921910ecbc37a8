import "server-only";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fontkit from "@pdf-lib/fontkit";
import type { PDFDocument, PDFFont } from "pdf-lib";

/** The look's own faces as single weights: the variable files of the pages can't be cut down to the letters of a document. */
const FILES = {
  text: "@fontsource/figtree/files/figtree-latin-400-normal.woff",
  strong: "@fontsource/figtree/files/figtree-latin-600-normal.woff",
  display: "@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-700-normal.woff",
} as const;
export type PdfFace = keyof typeof FILES;

const files = new Map<PdfFace, Promise<Buffer>>();
function fileOf(face: PdfFace): Promise<Buffer> {
  const file = files.get(face) ?? readFile(join(process.cwd(), "node_modules", FILES[face]));
  files.set(face, file);
  return file;
}

/** The three faces within a document, cut down to the letters that it uses. */
export async function embedFonts(document: PDFDocument): Promise<Record<PdfFace, PDFFont>> {
  document.registerFontkit(fontkit);
  const [text, strong, display] = await Promise.all((["text", "strong", "display"] as const).map(fileOf));
  if (!text || !strong || !display) throw new Error("a face of the receipt is missing");
  // One after the other: the names of the parts follow the order.
  return { text: await document.embedFont(text, { subset: true }), strong: await document.embedFont(strong, { subset: true }), display: await document.embedFont(display, { subset: true }) };
}

/** Asked for every line, and the list of a face is long. */
const known = new WeakMap<PDFFont, ReadonlySet<number>>();
function lettersOf(font: PDFFont): ReadonlySet<number> {
  const letters = known.get(font) ?? new Set(font.getCharacterSet());
  known.set(font, letters);
  return letters;
}

/** What the faces can write. A letter that they lack (an emoji in a name) becomes a question mark rather than an empty box. */
export function writable(text: string, font: PDFFont): string {
  const letters = lettersOf(font);
  return [...text.normalize("NFC").replace(/[\u00a0\u202f\u2009]/g, " ")].map((letter) => (letters.has(letter.codePointAt(0) ?? 0) ? letter : "?")).join("");
}
