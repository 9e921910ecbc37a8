import { createHash } from "node:crypto";
import { maskCpf, shownCnpj } from "@/lib/payouts/documents";
import { typeOfKey } from "@/lib/payouts/pix-key";

/** Keys that make a stand-in provider fail in a chosen way. Everybody else's payout is paid. */
const FATES = { falha: "fail", lento: "slow", retido: "held", devolvido: "return", naoexiste: "unknown" } as const;
export type Fate = (typeof FATES)[keyof typeof FATES] | "pay";

export function fateOf(key: string): Fate {
  const name = /^(\w+)@pix\.test$/.exec(key)?.[1];
  return Object.entries(FATES).find(([known]) => known === name)?.[1] ?? "pay";
}

export type Holder = { name: string; document: string; maskedDocument: string; bankName: string; ispb: string };

const GIVEN = ["Ana", "Bruno", "Carla", "Diego", "Elisa", "Fábio", "Gabriela", "Heitor"];
const FAMILY = ["Souza", "Oliveira", "Lima", "Pereira", "Costa", "Ribeiro", "Martins", "Rocha"];
const SHOPS = ["Padaria", "Mercearia", "Oficina", "Papelaria"];
const BANKS = [
  ["Banco de Teste Um S.A.", "10000001"],
  ["Banco de Teste Dois S.A.", "20000002"],
  ["Cooperativa de Teste", "30000003"],
] as const;
const CPF_DIGITS = 11;

/** Who has a key in this directory: the same for the same key on every machine. Null for what is no key, or nobody's. */
export function holderOf(key: string): Holder | null {
  const type = typeOfKey(key);
  if (!type || fateOf(key) === "unknown") return null;
  const [given = 0, family = 0, bank = 0, shop = 0, ...rest] = createHash("sha256").update(key).digest();
  const [bankName, ispb] = BANKS[bank % BANKS.length] ?? BANKS[0];
  const pick = (names: string[], at: number) => names[at % names.length] ?? "";
  if (type === "cnpj") return { name: `${pick(SHOPS, shop)} ${pick(FAMILY, family)} Ltda`, document: key, maskedDocument: shownCnpj(key), bankName, ispb };
  const document = type === "cpf" ? key : rest.slice(0, CPF_DIGITS).map((byte) => byte % 10).join("");
  return { name: `${pick(GIVEN, given)} ${pick(FAMILY, family)}`, document, maskedDocument: maskCpf(document), bankName, ispb };
}

const PER_MINUTE = 2;
const MINUTE_MS = 60_000;
export const HIT_COSTS = 1;
export const MISS_COSTS = 20;

/** The directory's counter against scanning. Source: Banco Central, Manual Operacional do DICT; RAILS §1.6. */
export class Bucket {
  private tokens: number;
  private at = Date.now();
  constructor(readonly capacity: number) {
    this.tokens = capacity;
  }
  private refill() {
    const minutes = Math.floor((Date.now() - this.at) / MINUTE_MS);
    if (minutes <= 0) return;
    this.at += minutes * MINUTE_MS;
    this.give(minutes * PER_MINUTE);
  }
  get left(): number {
    this.refill();
    return this.tokens;
  }
  take(count: number) {
    this.tokens = Math.max(0, this.left - count);
  }
  give(count: number) {
    this.tokens = Math.min(this.capacity, this.tokens + count);
  }
}
export const PERSON_BUCKET = 100;
export const COMPANY_BUCKET = 1_000;
