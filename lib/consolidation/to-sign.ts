import "server-only";
import { sql } from "@/db/client";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { TokenPart } from "@/lib/payments/rules";
import { DollarsTerms, RewardsTerms } from "./terms";

/** What a consolidation asks its owner to sign, as the screen shows it; the browser makes the same calls from it and compares. */
export type ConsolidationToSign = { id: string; chainId: ChainId; account: Address; units: bigint } & (
  | ({ kind: "dollars" } & Pick<DollarsTerms, "toChainId" | "recipient" | "maxFeeUsdMicros" | "finality">)
  | ({ kind: "rewards" } & Pick<RewardsTerms, "toChainId" | "recipient" | "sucker" | "token" | "minUsdMicros">)
);

/** Null when nothing of it waits for its owner: the server signs, or it has left already. */
export async function consolidationToSign(actor: { userId: string }, id: string): Promise<ConsolidationToSign | null> {
  const [row] = await sql<{ purpose: "dollars" | "rewards"; chain_id: ChainId; account: Address; tokens_used: TokenPart[]; terms: unknown }[]>`
    SELECT t.purpose, t.chain_id, a.address AS account, t.tokens_used, t.terms
    FROM transactions t
    JOIN user_operations o ON o.id = t.id AND o.status IN ('queued', 'prepared')
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id AND a.custody_status = 'self_custody'
    WHERE t.id = ${id} AND t.from_user_id = ${actor.userId} AND t.type = 'consolidation' AND t.status = 'pending'`;
  if (!row) return null;
  const common = { id, chainId: row.chain_id, account: row.account, units: BigInt(row.tokens_used[0]?.amount ?? 0) };
  return row.purpose === "dollars" ? { ...common, kind: "dollars", ...DollarsTerms.parse(row.terms) } : { ...common, kind: "rewards", ...RewardsTerms.parse(row.terms) };
}
