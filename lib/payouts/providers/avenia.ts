import "server-only";
import { createHash } from "node:crypto";
import { readAccount, readBalances, readFiatOutLimit } from "@/lib/avenia/accounts";
import { createBankBeneficiary, findBankBeneficiary } from "@/lib/avenia/beneficiaries";
import { decimalFromUnits, unitsFromDecimal } from "@/lib/avenia/decimals";
import { AveniaError } from "@/lib/avenia/errors";
import { createPayoutTicket, findPayoutTicket, isDepositCredited, readPayoutTicket, readReceipt, type AveniaPayout } from "@/lib/avenia/payout-tickets";
import { lookUpPixKey } from "@/lib/avenia/pix-keys";
import { quoteFixedRate } from "@/lib/avenia/quotes";
import type { AveniaAccess } from "@/lib/avenia/request";
import type { StoreAccount } from "@/lib/store-identity/store-account";
import { maskCpf, readCpf } from "../documents";
import { ProviderError, type PayoutProvider, type ProviderTicket } from "../provider";
import type { PayoutFee, ProviderDestination } from "../rules";

const USDC_DECIMALS = 6;
const CENTAVOS = 2;
/** How long a price holds. Source: RAILS §1.2. */
const QUOTE_MS = 15_000;
const MESSAGE_MAX = 140;
const ADDRESS = /^0x[0-9a-f]{40}$/;

const CURRENCIES: Record<string, { currency: PayoutFee["currency"]; decimals: number }> = { BRL: { currency: "BRL", decimals: CENTAVOS }, BRLA: { currency: "BRL", decimals: CENTAVOS }, USDC: { currency: "USD", decimals: USDC_DECIMALS } };

/** What a refusal of the client means for a payout. Only a lost or broken answer leaves open whether it happened; our key's trouble is ours to mend. */
function providerError(error: unknown): unknown {
  if (!(error instanceof AveniaError)) return error;
  if (error.failure === "unauthorized") return new ProviderError("busy", "unauthorized");
  return new ProviderError(error.failure === "refused" && /quote-(expired|not-found)/i.test(error.reason ?? "") ? "expired" : error.failure, error.reason);
}

async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw providerError(error);
  }
}

/**
 * A ticket's status for us. A part that failed after the Pix was sent is a Pix that came back; one that failed otherwise is nobody's to judge but a
 * person's, so it is held and never paid again by itself.
 */
function ticketOf({ id, status, reason, endToEndId }: AveniaPayout): ProviderTicket {
  const isReturn = endToEndId !== null || /return|devol/i.test(reason ?? "");
  const states = { UNPAID: "processing", PENDING: "processing", PROCESSING: "processing", "ON-HOLD": "held", PAID: "paid", FAILED: isReturn ? "returned" : "failed", "PARTIAL-FAILED": isReturn ? "returned" : "held" } as const;
  return { ticketId: id, state: states[status], reason: states[status] === "paid" ? null : reason, endToEndId };
}

/**
 * Avenia pays a store's dollars out of its one sub-account, which Pix at the till uses too. The two never touch the same dollars: those of a till's Pix go
 * straight to the store's own account, and on the sub-account's balance lies only what payouts sent to its deposit address.
 */
export function aveniaPayouts({ access, accountOf }: { access: AveniaAccess; accountOf: (storeId: string) => Promise<StoreAccount> }): PayoutProvider {
  const wallets = new Map<string, string>();

  async function walletOf(accountId: string): Promise<string> {
    const known = wallets.get(accountId);
    if (known) return known;
    const { wallets: listed } = await readAccount(access, accountId);
    const address = listed.find(({ chain }) => chain === "EVM")?.address.toLowerCase() ?? "";
    if (!ADDRESS.test(address)) throw new ProviderError("busy", "no-deposit-address");
    wallets.set(accountId, address);
    return address;
  }

  /** A bank account is made known once. Nothing is paid by it, so that a lost answer is no more than "ask later". */
  async function beneficiaryOf(accountId: string, bank: Extract<ProviderDestination, { kind: "bank" }>): Promise<string> {
    const account = { userName: bank.holderName, taxId: bank.document, bankCode: bank.bankCode, branchCode: bank.branch, accountNumber: bank.account, accountType: bank.accountType === "savings" ? "SAVINGS" : "CHECKING" } as const;
    const alias = `cocopay-${createHash("sha256").update(JSON.stringify(account)).digest("hex").slice(0, 32)}`;
    try {
      return (await findBankBeneficiary(access, { subAccountId: accountId, alias })) ?? (await createBankBeneficiary(access, { subAccountId: accountId, alias, account }));
    } catch (error) {
      if (error instanceof AveniaError && error.failure === "uncertain") throw new ProviderError("busy", error.reason);
      throw error;
    }
  }

  return {
    name: "avenia",
    openAccount: ({ storeId }) =>
      asked(
        accountOf(storeId).then(async ({ subAccountId, ...identity }) => ({ accountId: subAccountId, ...identity, depositAddress: await walletOf(subAccountId) })),
      ),
    lookUpKey: async (accountId, pixKey) => {
      const holder = await asked(lookUpPixKey(access, { subAccountId: accountId, pixKey }));
      const whole = holder && readCpf(holder.maskedTaxId);
      return holder && { name: holder.name, maskedDocument: whole ? maskCpf(whole) : holder.maskedTaxId, bankName: holder.bankName };
    },
    leftBrlCentavos: async (accountId) => {
      const limit = await asked(readFiatOutLimit(access, accountId, "BRL"));
      if (!limit) return null;
      const now = new Date(Date.now() - 3 * 3_600_000);
      const isOfAnEarlierMonth = limit.year * 12 + limit.month < now.getUTCFullYear() * 12 + now.getUTCMonth() + 1;
      const left = unitsFromDecimal(limit.max, CENTAVOS) - (isOfAnEarlierMonth ? 0n : unitsFromDecimal(limit.used, CENTAVOS));
      return limit.isBlocked || left < 0n ? 0n : left;
    },
    quote: async (accountId, { amountUsdMicros, isThirdParty }) => {
      const askedAt = Date.now();
      const quote = await asked(
        quoteFixedRate(access, { subAccountId: accountId, input: { currency: "USDC", method: "INTERNAL" }, output: { currency: "BRL", method: "PIX" }, inputAmount: decimalFromUnits(amountUsdMicros, USDC_DECIMALS), isOutputThirdParty: isThirdParty }),
      );
      const [inputUsdMicros, outputBrlCentavos] = [unitsFromDecimal(quote.inputAmount, USDC_DECIMALS), unitsFromDecimal(quote.outputAmount, CENTAVOS)];
      // An answer about another amount is no answer.
      if (inputUsdMicros !== amountUsdMicros) throw new ProviderError("busy", "quote-of-another-amount");
      return {
        token: quote.token,
        inputUsdMicros,
        outputBrlCentavos,
        brlPerUsdMicros: /^\d+(\.\d+)?$/.test(quote.basePrice) ? unitsFromDecimal(quote.basePrice, 6) : (outputBrlCentavos * 10_000_000_000n) / inputUsdMicros,
        fees: quote.fees.flatMap(({ type, amount, currency }): PayoutFee[] => {
          const known = CURRENCIES[currency];
          const units = known ? unitsFromDecimal(amount, known.decimals) : 0n;
          return known && units > 0n ? [{ name: type, currency: known.currency, amount: units.toString() }] : [];
        }),
        expiresAt: new Date(askedAt + QUOTE_MS),
      };
    },
    balanceUsdMicros: async (accountId) => unitsFromDecimal((await asked(readBalances(access, accountId))).USDC ?? "0", USDC_DECIMALS),
    isCredited: (accountId, { txHash, amountUsdMicros }) => asked(isDepositCredited(access, { subAccountId: accountId, txHash, amountUsdMicros })),
    submit: async (accountId, { payoutId, quoteToken, destination, message }) => {
      // Nothing is paid before the ticket: what is lost until then has not happened.
      const walletAddress = await walletOf(accountId).catch((error: unknown) => {
        throw error instanceof AveniaError && error.failure === "uncertain" ? new ProviderError("busy", error.reason) : providerError(error);
      });
      const receiver = destination.kind === "pix" ? { pixKey: destination.pixKey } : { beneficiaryBrlBankAccountId: await asked(beneficiaryOf(accountId, destination)) };
      const ticketId = await asked(createPayoutTicket(access, { subAccountId: accountId, quoteToken, externalId: payoutId, walletAddress, receiver, message: message.slice(0, MESSAGE_MAX) }));
      return { ticketId, state: "processing", reason: null, endToEndId: null };
    },
    find: async (accountId, payoutId) => {
      const found = await asked(findPayoutTicket(access, { subAccountId: accountId, externalId: payoutId }));
      return found && ticketOf(found);
    },
    read: async (accountId, ticketId) => ticketOf(await asked(readPayoutTicket(access, { subAccountId: accountId, ticketId }))),
    receiptPdf: (accountId, ticketId) => asked(readReceipt(access, { subAccountId: accountId, ticketId })),
  };
}
