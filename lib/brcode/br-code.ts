import { crc16 } from "./crc16";
import { BrCodeError, readFields, writeField, writeFields, type Field } from "./fields";

export { BrCodeError, type BrCodeProblem } from "./fields";

/** Where the money goes: a key in the code itself (static), or an address that the payer's bank asks (dynamic). */
export type PixTarget = { key: string; info: string | null } | { url: string };

/**
 * A payment code of the Brazilian central bank (EMV merchant-presented mode). What is not of Pix stays as it came, so that a code that was
 * read is written byte for byte the same.
 */
export type BrCode = {
  /** Field 01: `12` can be paid once, `11` again and again; most static codes leave it out. */
  pointOfInitiation: "11" | "12" | null;
  pix: PixTarget;
  /** The arrangement's name as it is spelled, and the template that it stands in (26 to 51). */
  gui: string;
  template: string;
  category: string;
  amountBrlCentavos: bigint | null;
  name: string;
  city: string;
  postalCode: string | null;
  /** Field 62.05; `***` when the code leaves it open. */
  reference: string;
  /** Other fields, and other parts of field 62, by id. */
  others: Field[];
  otherData: Field[];
};

const GUI = "br.gov.bcb.pix";
const NAME_MAX = 25;
const CITY_MAX = 15;
const REFERENCE_MAX = 25;
const KEY_MAX = 77;
const AMOUNT = /^(\d{1,10})(?:\.(\d{1,2}))?$/;
const CRC_HEAD = "6304";
const CRC_LENGTH = 8;
const OWN = new Set(["00", "01", "52", "53", "54", "58", "59", "60", "61", "62", "63"]);

const isPixTemplate = ({ id, value }: Field): boolean => Number(id) >= 26 && Number(id) <= 51 && readFields(value).some((field) => field.id === "00" && field.value.toLowerCase() === GUI);

/**
 * Reads a BR Code. Lengths count characters. Fails with a BrCodeError that names the problem: CRC wrong or not last, ids twice, a length of 00,
 * another currency than the real, another country than Brazil, no Pix in it. Source: Banco Central, "Manual de Padrões para Iniciação do Pix".
 */
export function decodeBrCode(text: string): BrCode {
  const fields = readFields(text);
  if (fields.at(-1)?.id !== "63" || text.slice(-CRC_LENGTH, -4) !== CRC_HEAD) throw new BrCodeError(fields.some(({ id }) => id === "63") ? "crc_not_last" : "field_missing");
  if (crc16(text.slice(0, -4)) !== text.slice(-4).toUpperCase()) throw new BrCodeError("crc_wrong");

  const valueOf = (id: string) => fields.find((field) => field.id === id)?.value ?? null;
  if (valueOf("00") !== "01" || fields[0]?.id !== "00") throw new BrCodeError("format_unknown");
  const pointOfInitiation = valueOf("01");
  if (pointOfInitiation !== null && pointOfInitiation !== "11" && pointOfInitiation !== "12") throw new BrCodeError("format_unknown");
  if (need(valueOf("53")) !== "986") throw new BrCodeError("currency_not_brl");
  if (need(valueOf("58")) !== "BR") throw new BrCodeError("country_not_brazil");

  const template = fields.find(isPixTemplate);
  if (!template) throw new BrCodeError("pix_missing");
  const parts = readFields(template.value);
  const partOf = (id: string) => parts.find((part) => part.id === id)?.value ?? null;
  const [key, url] = [partOf("01"), partOf("25")];
  if ((key === null) === (url === null)) throw new BrCodeError("pix_missing");
  const data = readFields(valueOf("62") ?? "");
  const code: BrCode = {
    pointOfInitiation,
    pix: key === null ? { url: need(url) } : { key, info: partOf("02") },
    gui: need(partOf("00")),
    template: template.id,
    category: need(valueOf("52")),
    amountBrlCentavos: amountOf(valueOf("54")),
    name: need(valueOf("59")),
    city: need(valueOf("60")),
    postalCode: valueOf("61"),
    reference: data.find(({ id }) => id === "05")?.value ?? "***",
    others: fields.filter((field) => !OWN.has(field.id) && field !== template),
    otherData: data.filter(({ id }) => id !== "05"),
  };
  check(code);
  return code;
}

/** Writes a BR Code with its CRC. Fails like decodeBrCode: what it writes can be read again as the same. */
export function encodeBrCode(code: BrCode): string {
  check(code);
  const target = "key" in code.pix ? [{ id: "01", value: code.pix.key }, ...optional("02", code.pix.info)] : [{ id: "25", value: code.pix.url }];
  const fields: Field[] = [
    ...optional("01", code.pointOfInitiation),
    { id: code.template, value: writeFields([{ id: "00", value: code.gui }, ...target]) },
    { id: "52", value: code.category },
    { id: "53", value: "986" },
    ...optional("54", code.amountBrlCentavos === null ? null : textOfAmount(code.amountBrlCentavos)),
    { id: "58", value: "BR" },
    { id: "59", value: code.name },
    { id: "60", value: code.city },
    ...optional("61", code.postalCode),
    { id: "62", value: writeFields(byId([{ id: "05", value: code.reference }, ...code.otherData])) },
    ...code.others,
  ];
  if (new Set(fields.map(({ id }) => id)).size !== fields.length) throw new BrCodeError("field_duplicated");
  const text = `${writeField({ id: "00", value: "01" })}${writeFields(byId(fields))}${CRC_HEAD}`;
  return `${text}${crc16(text)}`;
}

/** Letters as banks take them in name and city: no accents, nothing but printable ASCII, cut to the field. */
export const plainText = (text: string, length: number): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[^\x20-\x7E]/g, "").slice(0, length).trim();

/** A one-time code of an amount, as a payment provider shows it. */
export const dynamicBrCode = ({ url, amountBrlCentavos, name, city }: { url: string; amountBrlCentavos: bigint; name: string; city: string }): BrCode => ({
  pointOfInitiation: "12", pix: { url }, gui: GUI, template: "26", category: "0000", amountBrlCentavos, name: plainText(name, NAME_MAX), city: plainText(city, CITY_MAX), postalCode: null, reference: "***", others: [], otherData: [],
});

function check({ pix, name, city, reference, amountBrlCentavos, template }: BrCode) {
  if (name.length > NAME_MAX || city.length > CITY_MAX || reference.length > REFERENCE_MAX || ("key" in pix && pix.key.length > KEY_MAX)) throw new BrCodeError("field_too_long");
  if ("url" in pix && /^https?:/i.test(pix.url)) throw new BrCodeError("malformed");
  if (Number(template) < 26 || Number(template) > 51) throw new BrCodeError("pix_missing");
  if (amountBrlCentavos !== null && (amountBrlCentavos < 0n || ("key" in pix && amountBrlCentavos === 0n))) throw new BrCodeError("amount_invalid");
}

/** At most 13 characters, a dot before the centavos. */
function amountOf(text: string | null): bigint | null {
  if (text === null) return null;
  const match = AMOUNT.exec(text);
  if (!match) throw new BrCodeError("amount_invalid");
  return BigInt(match[1] ?? "0") * 100n + BigInt((match[2] ?? "").padEnd(2, "0"));
}

function textOfAmount(centavos: bigint): string {
  const text = `${centavos / 100n}.${String(centavos % 100n).padStart(2, "0")}`;
  if (!AMOUNT.test(text)) throw new BrCodeError("amount_invalid");
  return text;
}

function need(value: string | null): string {
  if (value === null) throw new BrCodeError("field_missing");
  return value;
}

const optional = (id: string, value: string | null): Field[] => (value === null ? [] : [{ id, value }]);
const byId = (fields: readonly Field[]): Field[] => fields.toSorted((a, b) => (a.id < b.id ? -1 : 1));
