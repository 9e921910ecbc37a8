import { readCnpj, readCpf, shownDocument } from "./documents";
import type { ProviderDestination } from "./rules";

export type BankDestination = Extract<ProviderDestination, { kind: "bank" }>;
export type BankField = Exclude<keyof BankDestination, "kind" | "accountType">;
export type TypedBankAccount = Omit<BankDestination, "kind">;

const NAME_MAX = 120;
const hyphens = (text: string): string => text.replace(/[\u2010-\u2015]/g, "-").replace(/[\s\u00a0.]/g, "").toUpperCase();

/** Each field's reader: the text in its one spelling, or null. */
const READERS: Record<BankField, (text: string) => string | null> = {
  holderName: (text) => {
    const name = text.normalize("NFC").replace(/\s+/g, " ").trim();
    return name.length >= 2 && name.length <= NAME_MAX && /^[\p{L}\p{M}\p{N} .,&'’/()-]+$/u.test(name) && /\p{L}/u.test(name) ? name : null;
  },
  document: (text) => readCpf(text) ?? readCnpj(text),
  /** Three digits of the clearing house, or the eight of an ISPB. */
  bankCode: (text) => (/^(\d{3}|\d{8})$/.test(hyphens(text)) ? hyphens(text) : null),
  /** Four digits; some banks write a check digit behind. */
  branch: (text) => (/^\d{1,5}(-?[\dX])?$/.test(hyphens(text)) && /[1-9]/.test(text) ? hyphens(text) : null),
  /** Digits with their check digit, which some banks write as X. */
  account: (text) => (/^\d{1,19}-?[\dX]$/.test(hyphens(text)) && /[1-9]/.test(text) ? hyphens(text) : null),
};

/** A bank account as it was typed: in one spelling, with what may be shown of it, or the fields that are wrong. Whether it exists only its bank knows. */
export function validateBankAccount(typed: TypedBankAccount): { destination: BankDestination; shown: string } | { wrong: BankField[] } {
  const read = {
    holderName: READERS.holderName(typed.holderName),
    document: READERS.document(typed.document),
    bankCode: READERS.bankCode(typed.bankCode),
    branch: READERS.branch(typed.branch),
    account: READERS.account(typed.account),
  };
  const { holderName, document, bankCode, branch, account } = read;
  if (holderName === null || document === null || bankCode === null || branch === null || account === null) {
    return { wrong: (Object.keys(read) as BankField[]).filter((field) => read[field] === null) };
  }
  const destination: BankDestination = { kind: "bank", holderName, document, bankCode, branch, account, accountType: typed.accountType };
  return { destination, shown: maskBankAccount(destination) };
}

/** "Ana Lima, ***.456.789-**, 341, ••••21-0": the end of an account tells it from the holder's other ones. */
export const maskBankAccount = ({ holderName, document, bankCode, account }: BankDestination): string =>
  `${holderName}, ${shownDocument(document)}, ${bankCode}, ••••${account.slice(-4)}`;
