import { PDFDocument, StandardFonts } from "pdf-lib";

/** The built-in font knows Latin letters alone. */
const latin = (text: string) => text.normalize("NFC").replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
const PAGE: [number, number] = [420, 300];

/** A stand-in provider's receipt: a title and lines, on one page. */
export async function receiptPdf(title: string, lines: [string, string][]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  const page = pdf.addPage(PAGE);
  page.drawText(title, { x: 32, y: 252, size: 16, font });
  for (const [index, [label, value]] of lines.entries()) page.drawText(latin(`${label}: ${value}`), { x: 32, y: 220 - index * 20, size: 11, font });
  return pdf.save();
}
