/** Why a text is no BR Code that we take. */
export const BR_CODE_PROBLEMS = [
  "malformed", "field_empty", "field_duplicated", "field_missing", "field_too_long", "crc_wrong", "crc_not_last", "format_unknown", "currency_not_brl", "country_not_brazil", "amount_invalid", "pix_missing",
] as const;
export type BrCodeProblem = (typeof BR_CODE_PROBLEMS)[number];

export class BrCodeError extends Error {
  constructor(readonly problem: BrCodeProblem) {
    super(`Not a BR Code: ${problem}`);
    this.name = "BrCodeError";
  }
}

/** One data object: two digits of id, two digits of length, then as many characters. */
export type Field = { id: string; value: string };

const ID = /^\d\d$/;
const LENGTH = /^\d\d$/;
const VALUE_MAX = 99;

/** Splits a text into its fields. Fails with malformed, field_empty (length 00), field_duplicated. */
export function readFields(text: string): Field[] {
  const characters = [...text];
  const fields: Field[] = [];
  for (let at = 0; at < characters.length; ) {
    const id = characters.slice(at, at + 2).join("");
    const length = characters.slice(at + 2, at + 4).join("");
    if (!ID.test(id) || !LENGTH.test(length)) throw new BrCodeError("malformed");
    if (length === "00") throw new BrCodeError("field_empty");
    const value = characters.slice(at + 4, at + 4 + Number(length));
    if (value.length !== Number(length)) throw new BrCodeError("malformed");
    if (fields.some((field) => field.id === id)) throw new BrCodeError("field_duplicated");
    fields.push({ id, value: value.join("") });
    at += 4 + Number(length);
  }
  return fields;
}

/** Fails with field_empty, field_too_long. */
export function writeField({ id, value }: Field): string {
  const { length } = [...value];
  if (length === 0) throw new BrCodeError("field_empty");
  if (length > VALUE_MAX) throw new BrCodeError("field_too_long");
  return `${id}${String(length).padStart(2, "0")}${value}`;
}

export const writeFields = (fields: readonly Field[]): string => fields.map(writeField).join("");
