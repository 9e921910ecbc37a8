import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { PDFDict, PDFDocument, PDFName, PDFRawStream, decodePDFRawStream } from "pdf-lib";
import { expect, test } from "vitest";
import { receiptPdf, type ReceiptPaper } from "./receipt-pdf";

const paper: ReceiptPaper = {
  title: "Comprovante de pagamento",
  notFiscal: "Não é documento fiscal",
  store: "Açaí & Pão da Lagoa",
  storeLines: ["Barra da Lagoa · CNPJ 11.222.333/0001-81", "Razão social: João e Irmãos Comércio de Alimentos Ltda."],
  amount: "R$\u00a038,50",
  state: "Pago",
  when: "22 de nov. de 2026, 14:02:37 (Horário de Brasília)",
  lines: [
    { term: "Recompensas Café da Praia", value: "R$\u00a012,10" },
    { term: "Recompensas Padaria Sol", value: "R$\u00a06,60" },
    { term: "Dólares (US$\u00a03,60)", value: "R$\u00a019,80" },
    { term: "Total", value: "R$\u00a038,50", isTotal: true },
    { term: "Você ganhou", value: "R$\u00a01,13" },
  ],
  notes: ["Dólar a R$\u00a05,50 em 22 de nov. de 2026, 14:00"],
  code: { term: "Código", value: "K7P4QX" },
  detailsTitle: "Detalhes",
  details: [
    { term: "Identificador", value: "0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c11" },
    { term: "Hash da transação", value: `0x${"a1b2c3d4".repeat(8)}` },
  ],
  language: "pt-BR",
  at: new Date("2026-11-22T17:02:37Z"),
};

/** Every letter that the file can show, by its own tables from glyphs to letters. */
async function lettersOf(bytes: Uint8Array): Promise<string> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  return document.context
    .enumerateIndirectObjects()
    .flatMap(([, object]) => (object instanceof PDFRawStream ? [Buffer.from(decodePDFRawStream(object).decode()).toString("latin1")] : []))
    .filter((text) => text.includes("beginbfchar"))
    .flatMap((text) => [...text.matchAll(/<[0-9A-F]{4}> <([0-9A-F]{4})>/g)].map(([, hex = ""]) => String.fromCodePoint(Number.parseInt(hex, 16))))
    .join("");
}

test("writes every accent and the sign of the real with the look's own faces, embedded", async () => {
  const bytes = await receiptPdf(paper);
  const letters = await lettersOf(bytes);
  for (const letter of "çãéíóR$·–".replace("–", "")) expect([letter, letters.includes(letter)]).toEqual([letter, true]);
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  const names = document.context.enumerateIndirectObjects().flatMap(([, object]) => (object instanceof PDFDict && object.get(PDFName.of("FontFile2")) ? [String(object.get(PDFName.of("FontName")))] : []));
  expect(names.filter((name) => /Figtree/.test(name))).toHaveLength(2);
  expect(names.filter((name) => /Bricolage/.test(name))).toHaveLength(1);
  expect(document.getTitle()).toBe("Comprovante de pagamento");
  expect(document.getCreationDate()).toEqual(paper.at);
  expect(document.getPageCount()).toBe(1);
  if (process.env.LOOK_AT) writeFileSync(process.env.LOOK_AT, bytes);
});

test("the same payment gives the same bytes", async () => {
  const [one, two] = await Promise.all([receiptPdf(paper), receiptPdf(structuredClone(paper))]);
  const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  expect(hash(one)).toBe(hash(two));
  expect(hash(await receiptPdf({ ...paper, amount: "R$\u00a038,51" }))).not.toBe(hash(one));
});

test("a name that the faces can't write, and one that is very long, still make a file", async () => {
  const bytes = await receiptPdf({ ...paper, store: "☕ Кафе 珈琲", storeLines: ["x".repeat(400)], details: Array.from({ length: 60 }, (_, index) => ({ term: `Linha ${index}`, value: "0x".padEnd(400, "f") })) });
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  expect(document.getPageCount()).toBeGreaterThan(1);
  expect(await lettersOf(bytes)).toContain("?");
});
