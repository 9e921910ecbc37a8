import "server-only";
import type { StoreWindow } from "@/lib/analytics/read-figures";
import type { ExportStore } from "./allow-export";
import { readPayoutLines } from "./payouts-csv";
import { readLines } from "./read-lines";
import type { LineKind } from "./rules";

export type OfxWords = { kinds: Record<LineKind, string>; payout: string; customer: string };

const CRLF = "\r\n";
const NAME_MAX = 32;
const MEMO_MAX = 255;
const MINUTE_MS = 60_000;

/**
 * A store's movements in reais as OFX 1.02 (SGML), which bookkeeping programs of Brazil read. Sales are credits and refunds debits, gross; payouts are
 * debits for whoever may see them. The balance at its end is the sum of the file: a store's account is in dollars and has no balance in reais.
 * One piece a page, so that a year is as small in memory as a day.
 */
export async function* ofxStatement(store: ExportStore, window: StoreWindow, { words, withPayouts, at = new Date() }: { words: OfxWords; withPayouts: boolean; at?: Date }): AsyncGenerator<string> {
  const now = utc(at);
  yield lines(
    "OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "SECURITY:NONE", "ENCODING:USASCII", "CHARSET:1252", "COMPRESSION:NONE", "OLDFILEUID:NONE", "NEWFILEUID:NONE", "",
    "<OFX>", "<SIGNONMSGSRSV1>", "<SONRS>", "<STATUS>", "<CODE>0", "<SEVERITY>INFO", "</STATUS>", `<DTSERVER>${now}`, "<LANGUAGE>POR", "<FI>", "<ORG>CocoPay", "<FID>0", "</FI>", "</SONRS>", "</SIGNONMSGSRSV1>",
    "<BANKMSGSRSV1>", "<STMTTRNRS>", "<TRNUID>1", "<STATUS>", "<CODE>0", "<SEVERITY>INFO", "</STATUS>", "<STMTRS>", "<CURDEF>BRL",
    "<BANKACCTFROM>", "<BANKID>000", `<ACCTID>${sgml(store.shortCode, 22)}`, "<ACCTTYPE>CHECKING", "</BANKACCTFROM>",
    "<BANKTRANLIST>", `<DTSTART>${utc(window.from)}`, `<DTEND>${utc(window.to)}`,
  );
  let sumCentavos = 0n;
  for await (const page of readLines(window)) {
    let piece = "";
    for (const line of page) {
      const centavos = BigInt(line.brl);
      sumCentavos += centavos;
      const memo = [words.kinds[line.kind], line.code, line.seller, line.till, line.note].filter(Boolean).join(" - ");
      piece += entry({ at: line.at, atUtc: line.atUtc, centavos, id: line.id, name: line.payer ?? words.customer, memo });
    }
    yield piece;
  }
  if (withPayouts) {
    for await (const page of readPayoutLines(window)) {
      let piece = "";
      for (const line of page) {
        // Only what went out and stayed out, and whose reais are known.
        if (line.state !== "completed" || line.brl === null) continue;
        const centavos = -BigInt(line.brl);
        sumCentavos += centavos;
        piece += entry({ at: line.at, atUtc: line.atUtc, centavos, id: line.id, name: words.payout, memo: [words.payout, line.destination, line.endToEndId].filter(Boolean).join(" - ") });
      }
      yield piece;
    }
  }
  yield lines("</BANKTRANLIST>", "<LEDGERBAL>", `<BALAMT>${decimal(sumCentavos)}`, `<DTASOF>${utc(window.to)}`, "</LEDGERBAL>", "</STMTRS>", "</STMTTRNRS>", "</BANKMSGSRSV1>", "</OFX>");
}

const lines = (...texts: string[]): string => texts.map((text) => text + CRLF).join("");

function entry({ at, atUtc, centavos, id, name, memo }: { at: string; atUtc: string; centavos: bigint; id: string; name: string; memo: string }): string {
  return lines(
    "<STMTTRN>", `<TRNTYPE>${centavos < 0n ? "DEBIT" : "CREDIT"}`, `<DTPOSTED>${at.replace(/\D/g, "")}[${offset(at, atUtc)}]`, `<TRNAMT>${decimal(centavos)}`, `<FITID>${id}`,
    `<NAME>${sgml(name, NAME_MAX)}`, `<MEMO>${sgml(memo, MEMO_MAX)}`, "</STMTTRN>",
  );
}

/** Hours from UTC with their fraction, as OFX writes zones: -3, 5.5. A zone's clock stands whole minutes apart. */
const offset = (at: string, atUtc: string): string => String(Math.round((Date.parse(`${at.replace(" ", "T")}Z`) - Date.parse(`${atUtc.slice(0, 19)}Z`)) / MINUTE_MS) / 60);

const utc = (at: Date): string => `${at.toISOString().replace(/\D/g, "").slice(0, 14)}[0:GMT]`;

function decimal(centavos: bigint): string {
  const digits = String(centavos < 0n ? -centavos : centavos).padStart(3, "0");
  return `${centavos < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A text as SGML of plain letters: accents go, what opens a tag is written out, nothing breaks the line. Cut before it is written out. */
function sgml(text: string, max: number): string {
  const plain = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[…]/g, "...")
    .replace(/[^\x20-\x7E]/g, "?");
  return plain.slice(0, max).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").trim() || "-";
}
