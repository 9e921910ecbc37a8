import { createHash, randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { decimalFromUnits, unitsFromDecimal } from "@/lib/avenia/decimals";
import { readCnpj, readCpf, shownDocument } from "@/lib/payouts/documents";
import { typeOfKey } from "@/lib/payouts/pix-key";
import { Bucket, COMPANY_BUCKET, fateOf, HIT_COSTS, holderOf, MISS_COSTS, PERSON_BUCKET, type Fate } from "../pix/directory";
import { receiptPdf } from "../pix/receipt";
import { addToBalance, goOn } from "./payouts";
import { refuse } from "./refusal";
import type { Fee, Payout, SubAccount } from "./state";
import { nowText, type World } from "./world";

/** Reais per dollar × 1,000,000: a little below the rate that the app shows, as a provider's is. */
const PRICE_MICROS = 5_440_000n;
const CONVERSION_BPS = 50n;
const OUT_CENTAVOS = 50n;
const QUOTE_SECONDS = 15;
const MIN_CENTAVOS = 100n;
const MAX_FIAT_OUT = "100000.00";
/** Amounts that fail, and that come back after they were paid: dollars in or reais out. */
const FAILING = 666n;
const RETURNING = 777n;

/** An account's address on the chain: the same for good, and nobody else's. */
export const walletOf = (account: Pick<SubAccount, "id">): string => `0x${createHash("sha256").update(`wallet of ${account.id}`).digest("hex").slice(0, 40)}`;

export const balancesOf = ({ balance = "0" }: SubAccount) => ({ balances: { USDC: decimalFromUnits(BigInt(balance), 6), BRLA: "0" } });

/** The payouts of this month that were not undone; a new month begins at nothing. */
export function limitsOf(world: World, account: SubAccount) {
  const month = new Date().toISOString().slice(0, 7);
  const used = world.state.payouts.filter((payout) => payout.subAccountId === account.id && payout.createdAt.startsWith(month) && !payout.status.endsWith("FAILED")).reduce((sum, payout) => sum + BigInt(payout.output), 0n);
  const [year, number] = month.split("-").map(Number);
  const maxFiatOut = world.options.maxFiatOut ?? MAX_FIAT_OUT;
  return {
    limitInfo: {
      blocked: false,
      limits: [{ currency: "BRL", maxFiatIn: maxFiatOut, maxFiatOut, maxChainIn: "0", maxChainOut: "0", usedLimit: { year, month: number, usedFiatIn: "0", usedFiatOut: decimalFromUnits(used, 2), usedChainIn: "0", usedChainOut: "0" } }],
    },
  };
}

export function bucketOf(world: World, account: SubAccount): Bucket {
  const bucket = world.buckets.get(account.id) ?? new Bucket(account.accountType === "COMPANY" ? COMPANY_BUCKET : PERSON_BUCKET);
  world.buckets.set(account.id, bucket);
  return bucket;
}

export function pixInfo(world: World, account: SubAccount, key: string) {
  if (!typeOfKey(key)) refuse("invalid-pix-key");
  const bucket = bucketOf(world, account);
  if (bucket.left < 1) refuse("dict-rate-limit", 429);
  const holder = holderOf(key);
  bucket.take(holder ? HIT_COSTS : MISS_COSTS);
  return holder ? { name: holder.name, taxId: holder.maskedDocument, bankName: holder.bankName } : refuse("pix-key-not-found", 404);
}

const NewBeneficiary = z.object({
  alias: z.string().min(1).max(100), description: z.string().max(200), userName: z.string().min(2), taxId: z.string().refine((text) => readCpf(text) ?? readCnpj(text)),
  bankCode: z.string().regex(/^(\d{3}|\d{8})$/), branchCode: z.string().regex(/^\d{1,5}(-?[\dX])?$/), accountNumber: z.string().regex(/^\d{1,19}-?[\dX]$/), accountType: z.enum(["CHECKING", "SAVINGS"]),
});
export function addBeneficiary(world: World, account: SubAccount, body: string) {
  const { description: _, ...input } = NewBeneficiary.parse(JSON.parse(body));
  const id = randomUUID();
  world.state.beneficiaries.push({ id, subAccountId: account.id, ...input });
  world.save();
  return { id };
}
export const listBeneficiaries = (world: World, account: SubAccount, alias: string | null) => ({
  bankAccounts: world.state.beneficiaries.filter((known) => known.subAccountId === account.id && (!alias || known.alias.includes(alias))), cursor: "",
});

/** A price from the account's dollars to a Pix, good for some seconds. */
export function payoutQuote(world: World, account: SubAccount, query: URLSearchParams) {
  if (query.get("outputCurrency") !== "BRL" || query.get("outputPaymentMethod") !== "PIX") refuse("unsupported-output");
  if (!account.isIdentified) refuse("account-not-identified");
  const inputAmount = query.get("inputAmount") ?? "";
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(inputAmount)) refuse("invalid-amount");
  const units = unitsFromDecimal(inputAmount, 6);
  const gross = (units * PRICE_MICROS) / 10_000_000_000n;
  const conversion = (gross * CONVERSION_BPS + 9_999n) / 10_000n;
  const output = gross - conversion - OUT_CENTAVOS;
  if (output < MIN_CENTAVOS) refuse("amount-too-small");
  const fees: Fee[] = [
    { type: "Conversion Fee", amount: decimalFromUnits(conversion, 2), currency: "BRL", rebatable: false },
    { type: "Out Fee", amount: decimalFromUnits(OUT_CENTAVOS, 2), currency: "BRL", rebatable: false },
  ];
  const token = randomBytes(24).toString("base64url");
  const made = { token, subAccountId: account.id, inputAmount: decimalFromUnits(units, 6), outputAmount: decimalFromUnits(output, 2), outputUnits: "0", expiresAt: Date.now() + (world.options.quoteSeconds ?? QUOTE_SECONDS) * 1000, out: { input: units.toString(), output: output.toString(), fees } };
  world.quotes.set(token, made);
  return {
    quoteToken: token, inputCurrency: "USDC", inputPaymentMethod: "INTERNAL", inputAmount: made.inputAmount, outputCurrency: "BRL", outputPaymentMethod: "PIX", outputAmount: made.outputAmount,
    markupAmount: "0", markupCurrency: "", inputThirdParty: false, outputThirdParty: query.get("outputThirdParty") === "true", appliedFees: fees, basePrice: decimalFromUnits(PRICE_MICROS, 6), pairName: "USDCBRL",
  };
}

const NewPayout = z.object({
  quoteToken: z.string(),
  externalId: z.string().max(200).optional(),
  ticketBlockchainInput: z.object({ walletAddress: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }),
  ticketBrlPixOutput: z.object({ pixKey: z.string().optional(), beneficiaryBrlBankAccountId: z.string().optional(), pixMessage: z.string().max(140).optional() }),
});

/** Takes a payout: from here on the dollars are no longer the account's. The same `externalId` twice is two payouts; whoever asks must look first. */
export function createPayout(world: World, account: SubAccount, body: string) {
  const { quoteToken, externalId = "", ticketBlockchainInput, ticketBrlPixOutput: { pixKey = "", beneficiaryBrlBankAccountId, pixMessage = "" } } = NewPayout.parse(JSON.parse(body));
  const quote = world.quotes.get(quoteToken) ?? refuse("quote-not-found");
  const out = quote.out ?? refuse("quote-of-another-kind");
  if (quote.expiresAt < Date.now()) refuse("quote-expired");
  if (quote.subAccountId !== account.id) refuse("quote-of-another-account");
  if (ticketBlockchainInput.walletAddress.toLowerCase() !== walletOf(account)) refuse("wallet-of-another-account");
  const receiver = receiverOf(world, account, pixKey, beneficiaryBrlBankAccountId);
  const { limitInfo } = limitsOf(world, account);
  const [limit] = limitInfo.limits;
  if (limit && unitsFromDecimal(limit.usedLimit.usedFiatOut, 2) + BigInt(out.output) > unitsFromDecimal(limit.maxFiatOut, 2)) refuse("limit-exceeded");
  if (BigInt(account.balance ?? "0") < BigInt(out.input)) refuse("insufficient-balance");
  world.quotes.delete(quoteToken);
  addToBalance(account, -BigInt(out.input));
  const payout: Payout = {
    id: randomUUID(), subAccountId: account.id, externalId, status: "PENDING", failureReason: "", input: out.input, output: out.output, fees: out.fees, pixKey, receiver, message: pixMessage,
    fate: fateFor(pixKey, out), step: 0, endToEndId: "", returnId: "", createdAt: nowText(), updatedAt: nowText(),
  };
  world.state.payouts.push(payout);
  world.save();
  goOn(world, payout);
  return { id: payout.id };
}

function fateFor(pixKey: string, { input, output }: { input: string; output: string }): Fate {
  const isAmount = (amount: bigint) => BigInt(input) === amount * 1_000_000n || BigInt(output) === amount * 100n;
  if (isAmount(FAILING)) return "fail";
  return isAmount(RETURNING) ? "return" : fateOf(pixKey);
}

function receiverOf(world: World, account: SubAccount, pixKey: string, beneficiaryId: string | undefined): Payout["receiver"] {
  if (beneficiaryId) {
    const known = world.state.beneficiaries.find(({ id, subAccountId }) => id === beneficiaryId && subAccountId === account.id) ?? refuse("beneficiary-not-found", 404);
    return { name: known.userName, maskedDocument: shownDocument(known.taxId), bankName: `${known.bankCode} ${known.branchCode} ${known.accountNumber}` };
  }
  if (!typeOfKey(pixKey)) refuse("invalid-pix-key");
  return holderOf(pixKey) ?? { name: "", maskedDocument: "", bankName: "" };
}

/** The receipt of a payout that is paid, and of no other. */
export async function payoutReceipt(world: World, account: SubAccount, id: string): Promise<Uint8Array> {
  const payout = world.state.payouts.find((known) => known.id === id && known.subAccountId === account.id) ?? refuse("not-found", 404);
  if (payout.status !== "PAID") refuse("ticket-not-paid");
  return receiptPdf("Comprovante Pix (ambiente de teste)", [["Valor", `R$ ${decimalFromUnits(BigInt(payout.output), 2)}`], ["Para", payout.receiver.name], ["Documento", payout.receiver.maskedDocument], ["E2E", payout.endToEndId], ["Quando", payout.updatedAt]]);
}
