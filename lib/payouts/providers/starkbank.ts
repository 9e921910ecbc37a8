import "server-only";
import { createHash } from "node:crypto";
import { lookUpDictKey } from "@/lib/starkbank/dict-keys";
import { StarkError } from "@/lib/starkbank/errors";
import type { StarkAccess } from "@/lib/starkbank/request";
import { createTransfer, findTransfers, readBrlBalance, readTransfer, readTransferReceipt, type NewTransfer, type StarkTransfer } from "@/lib/starkbank/transfers";
import { maskCpf, readCpf } from "../documents";
import { ProviderError, type PayoutProvider, type ProviderTicket } from "../provider";
import type { ProviderDestination } from "../rules";
import { openPrice, sealPrice } from "./price-token";

const QUOTE_MS = 15_000;
/** What we take for turning dollars into reais and for a transfer. Shown as lines of the price. */
const CONVERSION_BPS = 80n;
const TRANSFER_CENTAVOS = 50n;
const MIN_CENTAVOS = 100n;
const DESCRIPTION_MAX = 140;
const MICROS_PER_CENTAVO_AT_RATE = 10_000_000_000n;

/** What this bank can't know: our books of dollars, and the rate. */
export type StarkBooks = {
  /** Where every store's dollars go: our own address on Base, lower case. */
  treasuryAddress: string;
  /** The dollars that a store ever sent there, in micro-dollars. */
  depositedUsdMicros: (storeId: string) => Promise<bigint>;
  /** Whether the chain holds a transfer of exactly this to the treasury. */
  isDeposited: (deposit: { txHash: string; amountUsdMicros: bigint }) => Promise<boolean>;
  rate: () => Promise<{ brlPerUsdMicros: bigint; isStale: boolean }>;
};

const storeTag = (storeId: string) => `store-${storeId}`;
const payoutTag = (payoutId: string) => `payout-${payoutId}`;
const usdTag = (units: bigint) => `usd-${units}`;
const usdOf = ({ tags }: StarkTransfer): bigint => BigInt(tags.map((tag) => /^usd-(\d{1,18})$/.exec(tag)?.[1]).find((units) => units !== undefined) ?? "0");
const isUndone = ({ status }: StarkTransfer): boolean => status === "failed" || status === "canceled";

function providerError(error: unknown): unknown {
  if (!(error instanceof StarkError)) return error;
  return error.failure === "unauthorized" ? new ProviderError("busy", "unauthorized") : new ProviderError(error.failure, error.reason);
}

async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw providerError(error);
  }
}

/** What is asked before anything is paid has not happened when its answer is lost. */
async function askedBefore<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof StarkError && error.failure === "uncertain" ? new ProviderError("busy", error.reason) : providerError(error);
  }
}

/** A transfer that failed after it bore Pix's identifier had reached the receiver's bank, and came back. */
function ticketOf(transfer: StarkTransfer): ProviderTicket {
  const states = { created: "processing", processing: "processing", success: "paid", failed: transfer.endToEndId ? "returned" : "failed", canceled: "failed" } as const;
  return { ticketId: transfer.id, state: states[transfer.status], reason: isUndone(transfer) ? transfer.status : null, endToEndId: transfer.endToEndId };
}

/**
 * Pays out of a balance in reais that we hold at Stark Bank. A store's dollars go to our treasury; what it has there is what it sent less what was
 * paid out, each transfer bearing the store, the payout and the dollars it used as tags. So the bank's own list is the book.
 */
export function starkbankPayouts({ access, books, now = Date.now }: { access: StarkAccess; books: StarkBooks; now?: () => number }): PayoutProvider {
  const secret = createHash("sha256").update(access.signingKey.export({ type: "pkcs8", format: "der" })).update("payout prices").digest();
  /** One submit at a time: what a store has left is read and used in one go. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => null);
    return next;
  };

  async function balanceOf(storeId: string): Promise<bigint> {
    const [deposited, transfers] = await Promise.all([books.depositedUsdMicros(storeId), findTransfers(access, storeTag(storeId))]);
    return deposited - transfers.filter((transfer) => !isUndone(transfer)).reduce((sum, transfer) => sum + usdOf(transfer), 0n);
  }

  async function receiverOf(destination: ProviderDestination): Promise<NewTransfer["receiver"]> {
    if (destination.kind === "bank") {
      return { name: destination.holderName, taxId: destination.document, bankCode: destination.bankCode, branchCode: destination.branch, accountNumber: destination.account, accountType: destination.accountType };
    }
    const key = await askedBefore(lookUpDictKey(access, destination.pixKey));
    if (!key) throw new ProviderError("refused", "pix-key-not-found");
    return { name: key.name, taxId: key.taxId, bankCode: key.ispb, branchCode: key.branchCode, accountNumber: key.accountNumber, accountType: key.accountType };
  }

  async function find(payoutId: string): Promise<StarkTransfer | null> {
    return (await findTransfers(access, payoutTag(payoutId))).find(({ externalId }) => externalId === null || externalId === payoutId) ?? null;
  }

  /** All stores share one balance at the bank: a transfer of another one is nobody's here. */
  async function readOwn(storeId: string, ticketId: string): Promise<StarkTransfer> {
    const transfer = await asked(readTransfer(access, ticketId));
    if (!transfer.tags.includes(storeTag(storeId))) throw new ProviderError("refused", "not-found");
    return transfer;
  }

  async function submit(storeId: string, { payoutId, quoteToken, destination, message }: Parameters<PayoutProvider["submit"]>[1]): Promise<ProviderTicket> {
    const price = openPrice(secret, quoteToken);
    if (!price || price.expiresAt < now()) throw new ProviderError("expired", "quote-expired");
    if (price.accountId !== storeId) throw new ProviderError("refused", "quote-of-another-account");
    const receiver = await receiverOf(destination);
    const [left, reais] = await askedBefore(Promise.all([balanceOf(storeId), readBrlBalance(access)]));
    if (left < price.inputUsdMicros) throw new ProviderError("refused", "insufficient-balance");
    // Ours to fill up; the store can do nothing about it.
    if (reais < price.outputBrlCentavos) throw new ProviderError("busy", "treasury-empty");
    try {
      return ticketOf(
        await createTransfer(access, {
          amountBrlCentavos: price.outputBrlCentavos, externalId: payoutId, tags: [storeTag(storeId), payoutTag(payoutId), usdTag(price.inputUsdMicros)], description: message.slice(0, DESCRIPTION_MAX), receiver,
        }),
      );
    } catch (error) {
      // The bank refuses our id a second time: then the first one stands.
      const stands = error instanceof StarkError && error.failure === "refused" ? await asked(find(payoutId)) : null;
      if (stands) return ticketOf(stands);
      throw providerError(error);
    }
  }

  return {
    name: "starkbank",
    openAccount: ({ storeId }) => Promise.resolve({ accountId: storeId, identity: "confirmed", identityUrl: null, representativeUrl: null, depositAddress: books.treasuryAddress }),
    lookUpKey: async (_storeId, pixKey) => {
      const key = await asked(lookUpDictKey(access, pixKey));
      const cpf = key && readCpf(key.taxId);
      return key && { name: key.name, maskedDocument: cpf ? maskCpf(cpf) : key.taxId, bankName: key.bankName ?? "" };
    },
    leftBrlCentavos: () => asked(readBrlBalance(access)),
    quote: async (storeId, { amountUsdMicros }) => {
      const { brlPerUsdMicros, isStale } = await books.rate();
      if (isStale) throw new ProviderError("busy", "rate-stale");
      const gross = (amountUsdMicros * brlPerUsdMicros) / MICROS_PER_CENTAVO_AT_RATE;
      const conversion = (gross * CONVERSION_BPS + 9_999n) / 10_000n;
      const outputBrlCentavos = gross - conversion - TRANSFER_CENTAVOS;
      if (outputBrlCentavos < MIN_CENTAVOS) throw new ProviderError("refused", "amount-too-small");
      const expiresAt = now() + QUOTE_MS;
      return {
        token: sealPrice(secret, { accountId: storeId, inputUsdMicros: amountUsdMicros, outputBrlCentavos, expiresAt }),
        inputUsdMicros: amountUsdMicros,
        outputBrlCentavos,
        brlPerUsdMicros,
        fees: [
          { name: "Conversion Fee", amount: conversion.toString(), currency: "BRL" },
          { name: "Out Fee", amount: TRANSFER_CENTAVOS.toString(), currency: "BRL" },
        ],
        expiresAt: new Date(expiresAt),
      };
    },
    balanceUsdMicros: (storeId) => asked(balanceOf(storeId)),
    isCredited: (_storeId, deposit) => books.isDeposited(deposit),
    submit: (storeId, input) => inTurn(() => submit(storeId, input)),
    find: async (_storeId, payoutId) => {
      const found = await asked(find(payoutId));
      return found && ticketOf(found);
    },
    read: async (storeId, ticketId) => ticketOf(await readOwn(storeId, ticketId)),
    receiptPdf: async (storeId, ticketId) => ((await readOwn(storeId, ticketId)).status === "success" ? asked(readTransferReceipt(access, ticketId)) : null),
  };
}
