import { createPrivateKey, generateKeyPairSync, randomInt, sign, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { FAULTS, type FaultKind } from "../avenia/world";
import { Bucket, COMPANY_BUCKET, fateOf, HIT_COSTS, holderOf, MISS_COSTS, type Fate } from "../pix/directory";
import { endToEndId } from "../pix/end-to-end";

export type StarkOptions = {
  port?: number;
  projectId: string;
  /** Ours, in PEM: what signs requests to the bank. */
  clientPublicKeyPem: string;
  /** Between two steps of a transfer. */
  stepMs?: number;
  /** What our account holds at the start, in centavos. */
  openingBrlCentavos?: bigint;
  webhookUrl?: string;
  /** Keeps what was paid over a restart of the stack. */
  stateFile?: string;
};

export type Transfer = {
  id: string; amount: number; name: string; taxId: string; bankCode: string; branchCode: string; accountNumber: string; accountType: string; externalId: string; tags: string[]; description: string;
  status: "created" | "processing" | "success" | "failed"; fee: number; transactionIds: string[]; metadata: { authentication: string }; created: string; updated: string;
};
type Kept = { transfer: Transfer; fate: Fate; step: number };
export type StarkFault = { call: string; kind: FaultKind; times: number };

export type Bank = {
  options: StarkOptions;
  signingKey: KeyObject;
  kept: Kept[];
  balance: bigint;
  opening: bigint;
  bucket: Bucket;
  faults: StarkFault[];
  stepMs: number;
  isByHand: boolean;
  isClosed: boolean;
  pending: Set<Promise<unknown>>;
};

const STEP_MS = 700;
const OPENING_CENTAVOS = 100_000_000n;
const SLOW_STEPS = 80;
const OWN_ISPB = "20018183";
/** Centavos that fail, and that come back after they were paid. */
const FAILING = 66_600;
const RETURNING = 77_700;

export const newKey = (): KeyObject => generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
export const newId = (): string => Array.from({ length: 16 }, () => randomInt(1, 10)).join("");
const nowText = () => new Date().toISOString();

type State = { keyPem: string; kept: Kept[]; balance: string; opening: string };

export function openBank(options: StarkOptions): Bank {
  const { stateFile: file } = options;
  const opening = options.openingBrlCentavos ?? OPENING_CENTAVOS;
  const state = file && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as State) : { keyPem: newKey().export({ type: "pkcs8", format: "pem" }).toString(), kept: [], balance: String(opening), opening: String(opening) };
  const bank = { options, signingKey: createPrivateKey(state.keyPem), kept: state.kept, balance: BigInt(state.balance), opening: BigInt(state.opening), bucket: new Bucket(COMPANY_BUCKET), faults: [], stepMs: options.stepMs ?? STEP_MS, isByHand: false, isClosed: false, pending: new Set<Promise<unknown>>() };
  save(bank);
  return bank;
}

export function save({ options: { stateFile: file }, signingKey, kept, balance, opening }: Bank) {
  if (!file) return;
  const state: State = { keyPem: signingKey.export({ type: "pkcs8", format: "pem" }).toString(), kept, balance: String(balance), opening: String(opening) };
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const sealed = (key: string) => `k-${Buffer.from(key).toString("base64url")}`;
const unsealed = (account: string) => (account.startsWith("k-") ? Buffer.from(account.slice(2), "base64url").toString("utf8") : "");

/** The answer of the directory, or its word for a refusal. */
export function lookUp(bank: Bank, key: string): { status: number; json: unknown } {
  if (bank.bucket.left < 1) return { status: 429, json: { errors: [{ code: "tooManyRequests", message: "" }] } };
  if (!/^[^\s]{5,77}$/.test(key)) return { status: 400, json: { errors: [{ code: "invalidDictKey", message: "" }] } };
  const holder = holderOf(key);
  bank.bucket.take(holder ? HIT_COSTS : MISS_COSTS);
  if (!holder) return { status: 404, json: { errors: [{ code: "dictKeyNotFound", message: "" }] } };
  return { status: 200, json: { key: { id: key, name: holder.name, taxId: holder.maskedDocument, bankName: holder.bankName, ispb: holder.ispb, branchCode: "0001", accountNumber: sealed(key), accountType: "checking", status: "registered" } } };
}

const NewTransfer = z.object({
  amount: z.number().int().min(1), name: z.string().min(1), taxId: z.string().min(1), bankCode: z.string().regex(/^(\d{3}|[0-9A-Z]{8})$/), branchCode: z.string().min(1), accountNumber: z.string().min(1),
  accountType: z.enum(["checking", "savings", "salary", "payment"]).default("checking"), externalId: z.string().regex(/^[\w-]{1,200}$/), tags: z.array(z.string()).default([]), description: z.string().max(140).default(""),
});

/** Takes a transfer once for each `externalId`. */
export function createTransfer(bank: Bank, body: string): { status: number; json: unknown } {
  const [input] = z.object({ transfers: z.array(NewTransfer).length(1) }).parse(JSON.parse(body)).transfers;
  const refused = (code: string) => ({ status: 400, json: { errors: [{ code, message: "" }] } });
  if (!input || bank.kept.some(({ transfer }) => transfer.externalId === input.externalId)) return refused("invalidExternalId");
  if (bank.balance < BigInt(input.amount)) return refused("invalidBalance");
  const fate = input.amount === FAILING ? "fail" : input.amount === RETURNING ? "return" : fateOf(unsealed(input.accountNumber));
  const transfer: Transfer = { ...input, id: newId(), status: "created", fee: 0, transactionIds: [newId()], metadata: { authentication: "" }, created: nowText(), updated: nowText() };
  bank.balance -= BigInt(input.amount);
  const kept: Kept = { transfer, fate, step: 0 };
  bank.kept.push(kept);
  save(bank);
  tell(bank, transfer, "created");
  goOn(bank, kept);
  return { status: 200, json: { message: "Transfer(s) successfully created", transfers: [transfer] } };
}

function change(bank: Bank, transfer: Transfer, to: Partial<Transfer>) {
  Object.assign(transfer, to, { updated: nowText() });
  save(bank);
  tell(bank, transfer, transfer.status);
}

function giveBack(bank: Bank, transfer: Transfer) {
  bank.balance += BigInt(transfer.amount);
  change(bank, transfer, { status: "failed", transactionIds: [...transfer.transactionIds, newId()] });
}

type Step = { steps: number; isByHand?: boolean; run: (bank: Bank, transfer: Transfer) => void };
const processing: Step = { steps: 1, run: (bank, transfer) => change(bank, transfer, { status: "processing" }) };
const success = (steps: number, isByHand = false): Step => ({
  steps,
  isByHand,
  run: (bank, transfer) => {
    bank.bucket.give(1);
    change(bank, transfer, { status: "success", metadata: { authentication: endToEndId("E", OWN_ISPB) } });
  },
});
const failed: Step = { steps: 1, run: giveBack };
const PLANS: Record<Fate, Step[]> = { pay: [processing, success(1)], slow: [processing, success(SLOW_STEPS)], held: [processing, success(0, true)], fail: [processing, failed], unknown: [processing, failed], return: [processing, success(1), failed] };

const nextOf = ({ fate, step }: Kept): Step | undefined => PLANS[fate][step];
function take(bank: Bank, kept: Kept, step: Step) {
  kept.step += 1;
  step.run(bank, kept.transfer);
}

export function aside(bank: Bank, work: Promise<unknown>) {
  const kept = work.catch((error: unknown) => console.error(error)).finally(() => bank.pending.delete(kept));
  bank.pending.add(kept);
}

const SLICE_MS = 100;
async function pauseWhileOpen(bank: Bank, ms: number) {
  const until = Date.now() + ms;
  while (!bank.isClosed && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, Math.min(SLICE_MS, until - Date.now())));
}

async function runOn(bank: Bank, kept: Kept): Promise<void> {
  for (let step = nextOf(kept); step && !step.isByHand; step = nextOf(kept)) {
    const at = kept.step;
    await new Promise((resolve) => setTimeout(resolve, 0));
    await pauseWhileOpen(bank, step.steps * bank.stepMs);
    if (bank.isClosed || bank.isByHand || kept.step !== at) return;
    take(bank, kept, step);
  }
}

function goOn(bank: Bank, kept: Kept) {
  if (!bank.isByHand) aside(bank, runOn(bank, kept));
}
export const resume = (bank: Bank) => bank.kept.filter(nextOf).forEach((kept) => goOn(bank, kept));

/** One step further by hand; what waits for a hand moves too. */
export function advance(bank: Bank, id: string | undefined) {
  for (const kept of bank.kept) {
    const step = nextOf(kept);
    if (!step || (id !== undefined && kept.transfer.id !== id) || !(bank.isByHand || step.isByHand)) continue;
    take(bank, kept, step);
    goOn(bank, kept);
  }
}

const WEBHOOK_TIMEOUT_MS = 5_000;
function tell(bank: Bank, transfer: Transfer, type: string) {
  const { webhookUrl } = bank.options;
  if (!webhookUrl) return;
  const body = JSON.stringify({ event: { id: newId(), subscription: "transfer", created: nowText(), log: { id: newId(), type, transfer } } });
  const headers = { "content-type": "application/json", "Digital-Signature": sign("sha256", Buffer.from(body), bank.signingKey).toString("base64") };
  aside(bank, fetch(webhookUrl, { method: "POST", headers, body, signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS) }).then((response) => response.body?.cancel(), () => null));
}

/** Every centavo: on our balance, under way, or paid. */
export function ledgerOf(bank: Bank) {
  const sum = (statuses: Transfer["status"][]) => bank.kept.reduce((total, { transfer }) => (statuses.includes(transfer.status) ? total + BigInt(transfer.amount) : total), 0n);
  const [paid, underWay] = [sum(["success"]), sum(["created", "processing"])];
  return {
    openingBrlCentavos: bank.opening.toString(), balanceBrlCentavos: bank.balance.toString(), underWayBrlCentavos: underWay.toString(), paidOutBrlCentavos: paid.toString(), isConserved: bank.opening === bank.balance + paid + underWay,
    payouts: bank.kept.map(({ transfer: { externalId, status, amount, metadata } }) => ({ externalId, status, outputBrlCentavos: String(amount), endToEndId: metadata.authentication })),
  };
}

export const StarkFaultShape = z.object({ call: z.string(), kind: z.enum(FAULTS), times: z.number().int().min(1).default(1) });
