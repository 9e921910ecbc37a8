import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import { transferUsdcCall } from "@/lib/chain/usdc";
import { DomainError, invariant } from "@/lib/errors";
import { assertPayableAtSigning } from "@/lib/limits/assert-at-signing";
import { usdMicrosFromDecimal } from "@/lib/money";
import { isKnownPayee } from "./payee";

type Row = {
  status: string; amount_usd: string; sender: string; from_user_id: string; to_user_id: string | null; payee_address: Address | null; payee_account: Address | null;
  created_at: Date; is_new_device: boolean; is_to_phone: boolean;
};

/**
 * The one call of a send, rebuilt from its row at the moment of signing: payee, amount and limit are read again. A person is paid at the account
 * that the database knows on this chain, whatever a screen said; a new device pays known people only.
 * Fails with not_found, account_frozen, limit_payment, limit_day, limit_new_device, step_up_required, payee_not_known.
 */
export async function transferOperationCalls(operation: { id: string; chainId: ChainId; sender: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const [row] = await sql<Row[]>`
    SELECT t.status, t.amount_usd::text, a.address AS sender, t.from_user_id, t.to_user_id, t.payee_address, p.address AS payee_account, t.created_at,
           COALESCE(s.limited_until > t.created_at, FALSE) AS is_new_device, EXISTS (SELECT 1 FROM phone_sends h WHERE h.id = t.id) AS is_to_phone
    FROM transactions t
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id
    LEFT JOIN smart_accounts p ON p.user_id = t.to_user_id AND p.chain_id = t.chain_id
    LEFT JOIN sessions s ON s.id = t.session_id
    WHERE t.id = ${operation.id} AND t.type = 'received' AND t.purpose IN ('send', 'request') AND t.chain_id = ${operation.chainId}::chain_id`;
  const payee = row?.payee_account ?? row?.payee_address;
  if (!row || !payee) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending send is signed");
  invariant(row.sender === operation.sender && payee !== row.sender, "a send leaves its sender's account for another");
  invariant(!row.payee_account || !row.payee_address || row.payee_account === row.payee_address, "a person is paid at the own account");
  const amountUsdMicros = usdMicrosFromDecimal(row.amount_usd);
  await assertPayableAtSigning(operation.id, amountUsdMicros);
  // A phone's holder is known by the phone, which was asked when it was sent.
  if (row.is_new_device && !row.is_to_phone) {
    const to = row.payee_address ? ({ kind: "address", address: row.payee_address } as const) : ({ kind: "person", userId: row.to_user_id ?? "" } as const);
    if (!(await isKnownPayee(row.from_user_id, to, row.created_at))) throw new DomainError("payee_not_known");
  }
  return { calls: [transferUsdcCall(operation.chainId, payee, amountUsdMicros)], startsAt: null };
}
