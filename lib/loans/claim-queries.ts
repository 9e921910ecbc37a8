import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { TransactionStatus } from "@/lib/payments/rules";
import type { ShownStore } from "./queries";
import { ClaimTerms } from "./rules";

type Person = { userId: string };

/** A claim or a repayment of the person's own. */
export type ClaimView = {
  id: string;
  status: TransactionStatus;
  /** What was promised; the amount is the chain's own once it is confirmed. */
  terms: ClaimTerms;
  amountUsdMicros: bigint;
  amountBrlCentavos: bigint | null;
  brlPerUsdMicros: bigint | null;
  store: ShownStore | null;
  errorCode: string | null;
  /** What the worker found when it was to be signed. */
  reason: string | null;
  createdAt: Date;
  /** Where this person alone signs: the account that makes the calls. */
  signsItself: Address | null;
  details: { chainId: ChainId; transactionHash: string | null; operationHash: string | null };
};

type Row = {
  id: string; status: TransactionStatus; terms: unknown; amount_usd: string; brl: string | null; rate: string | null; error_code: string | null; error_message: string | null; created_at: Date;
  chain_id: ChainId; tx_hash: string | null; user_op_hash: string | null; own_address: Address | null; store_id: string | null; name: string | null; address: string | null; qr_version: number | null;
};

const claims = (filter: ReturnType<typeof sql>) => sql<Row[]>`
  SELECT t.id, t.status, t.terms, t.amount_usd::text, t.amount_brl_centavos::text AS brl, t.brl_per_usd::text AS rate, t.error_code, t.error_message, t.created_at, t.chain_id, t.tx_hash, o.user_op_hash,
         CASE WHEN a.custody_status = 'self_custody' THEN a.address END AS own_address, s.id AS store_id, s.name, s.address, s.qr_version
  FROM transactions t
  LEFT JOIN user_operations o ON o.id = t.id
  LEFT JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id
  LEFT JOIN stores s ON s.id = t.store_id
  WHERE t.type = 'bonus_claim' AND t.terms IS NOT NULL AND ${filter}`;

const viewOf = (row: Row): ClaimView => ({
  id: row.id,
  status: row.status,
  terms: ClaimTerms.parse(row.terms),
  amountUsdMicros: usdMicrosFromDecimal(row.amount_usd),
  amountBrlCentavos: row.brl === null ? null : BigInt(row.brl),
  brlPerUsdMicros: row.rate === null ? null : usdMicrosFromDecimal(row.rate),
  store: row.store_id === null ? null : { id: row.store_id, name: row.name ?? "", place: row.address, qrVersion: row.qr_version ?? 1 },
  errorCode: row.error_code,
  reason: row.error_message,
  createdAt: row.created_at,
  signsItself: row.own_address,
  details: { chainId: row.chain_id, transactionHash: row.tx_hash, operationHash: row.user_op_hash },
});

/** One claim of the person's own. Fails with not_found for anybody else's. */
export async function getClaim({ userId }: Person, id: string): Promise<ClaimView> {
  if (!isId(id)) throw new DomainError("not_found");
  const [row] = await claims(sql`t.id = ${id} AND t.from_user_id = ${userId}`);
  if (!row) throw new DomainError("not_found");
  return viewOf(row);
}

/** Claims that are on their way, the newest first. */
export const pendingClaims = async ({ userId }: Person): Promise<ClaimView[]> => (await claims(sql`t.from_user_id = ${userId} AND t.status = 'pending' ORDER BY t.id DESC LIMIT 20`)).map(viewOf);

/** Stores as a review names them, in the order of their ids as given. */
export async function findStoresShown(ids: readonly string[]): Promise<Pick<ShownStore, "id" | "name" | "qrVersion">[]> {
  const rows = await sql<{ id: string; name: string; qr_version: number | null }[]>`SELECT id, name, qr_version FROM stores WHERE id = ANY (${[...ids]}::uuid[])`;
  return [...new Set(ids)].flatMap((id) => rows.filter((row) => row.id === id).map((row) => ({ id, name: row.name, qrVersion: row.qr_version ?? 1 })));
}
