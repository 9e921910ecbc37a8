import "server-only";
import { z } from "zod";
import { StarkError } from "./errors";
import { request, requestFile, type StarkAccess } from "./request";

const Transfer = z.looseObject({
  id: z.string().min(1),
  status: z.enum(["created", "processing", "success", "failed", "canceled"]),
  amount: z.number().int(),
  externalId: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  /** The second one is what came back. */
  transactionIds: z.array(z.string()).nullish(),
  metadata: z.looseObject({ authentication: z.string().nullish() }).nullish(),
});
const Created = z.looseObject({ transfers: z.array(Transfer).length(1) });
const Single = z.looseObject({ transfer: Transfer });
const Listed = z.looseObject({ transfers: z.array(Transfer), cursor: z.string().nullish() });
const Balance = z.looseObject({ balances: z.array(z.looseObject({ amount: z.number().int(), currency: z.string() })).min(1) });

export type StarkTransfer = {
  id: string;
  status: z.output<typeof Transfer>["status"];
  amountBrlCentavos: bigint;
  externalId: string | null;
  tags: string[];
  /** Pix's identifier, once the bank has sent it. */
  endToEndId: string | null;
};

const END_TO_END_ID = /^E[0-9A-Za-z]{8}\d{12}[0-9A-Za-z]{11}$/;

const transferOf = ({ id, status, amount, externalId, tags, metadata }: z.output<typeof Transfer>): StarkTransfer => ({
  id, status, amountBrlCentavos: BigInt(amount), externalId: externalId || null, tags, endToEndId: metadata?.authentication && END_TO_END_ID.test(metadata.authentication) ? metadata.authentication : null,
});

export type NewTransfer = {
  amountBrlCentavos: bigint;
  /** Ours: the bank refuses a second transfer with it. */
  externalId: string;
  tags: string[];
  description: string;
  receiver: { name: string; taxId: string; bankCode: string; branchCode: string; accountNumber: string; accountType: string };
};

/**
 * Sends reais: by Pix where the bank's code is an ISPB, by TED where it has three digits. Fails with StarkError: after an uncertain one, and after a
 * refusal for the same `externalId`, look for the transfer by its tags.
 */
export async function createTransfer(access: StarkAccess, { amountBrlCentavos, externalId, tags, description, receiver }: NewTransfer): Promise<StarkTransfer> {
  const transfer = { amount: Number(amountBrlCentavos), externalId, tags, ...(description && { description }), ...receiver };
  const { transfers } = await request(access, Created, "POST", "/v2/transfer", { body: { transfers: [transfer] } });
  const [made] = transfers;
  if (!made) throw new StarkError("uncertain", "POST /v2/transfer", 200);
  return transferOf(made);
}

export const readTransfer = async (access: StarkAccess, id: string): Promise<StarkTransfer> => transferOf((await request(access, Single, "GET", `/v2/transfer/${encodeURIComponent(id)}`)).transfer);

const PAGE = "100";
const PAGES_MAX = 50;

/** Every transfer with a tag: the bank's list knows no `externalId`. */
export async function findTransfers(access: StarkAccess, tag: string): Promise<StarkTransfer[]> {
  const found: StarkTransfer[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await request(access, Listed, "GET", "/v2/transfer", { query: { tags: tag, limit: PAGE, ...(cursor ? { cursor } : {}) } });
    found.push(...answer.transfers.map(transferOf).filter(({ tags }) => tags.includes(tag)));
    cursor = answer.cursor;
    if (!cursor) return found;
  }
  throw new StarkError("uncertain", "GET /v2/transfer", 200, "too-many-pages");
}

/** Our reais at the bank, in centavos. */
export async function readBrlBalance(access: StarkAccess): Promise<bigint> {
  const { balances } = await request(access, Balance, "GET", "/v2/balance");
  return balances.filter(({ currency }) => currency === "BRL").reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

/** The bank's receipt, a PDF; it makes one as soon as it processes a transfer, so ask for it when it is done. */
export async function readTransferReceipt(access: StarkAccess, id: string): Promise<Uint8Array> {
  const file = await requestFile(access, `/v2/transfer/${encodeURIComponent(id)}/pdf`);
  if (!Buffer.from(file.subarray(0, 5)).equals(Buffer.from("%PDF-"))) throw new StarkError("uncertain", "GET /v2/transfer/…/pdf", 200);
  return file;
}
