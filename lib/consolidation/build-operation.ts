import "server-only";
import { sql } from "@/db/client";
import type { Call } from "@/lib/chain/account";
import type { Address } from "@/lib/chain/addresses";
import { burnCalls } from "@/lib/chain/cctp";
import type { ChainId } from "@/lib/chain/chains";
import { readSuckerPair } from "@/lib/chain/sucker-state";
import { prepareCalls } from "@/lib/chain/suckers";
import { DomainError, invariant } from "@/lib/errors";
import type { TokenPart } from "@/lib/payments/rules";
import { noteDeparture } from "./note-departure";
import { DollarsTerms, RewardsTerms } from "./terms";

type Row = { status: string; user_id: string; frozen_at: Date | null; terms: unknown; tokens_used: TokenPart[]; store_id: string | null; sender: string; has_session: boolean };

/** The transaction behind an operation that leaves, checked to be of the account that leaves. */
async function rowOf(operation: { id: string; chainId: ChainId; sender: string }, purpose: "dollars" | "rewards"): Promise<Row> {
  const [row] = await sql<Row[]>`
    SELECT t.status, t.from_user_id AS user_id, u.frozen_at, t.terms, t.tokens_used, t.store_id, a.address AS sender, t.session_id IS NOT NULL AS has_session
    FROM transactions t JOIN users u ON u.id = t.from_user_id
    JOIN smart_accounts a ON a.user_id = t.from_user_id AND a.chain_id = t.chain_id
    WHERE t.id = ${operation.id} AND t.type = 'consolidation' AND t.purpose = ${purpose} AND t.chain_id = ${operation.chainId}::chain_id`;
  if (!row) throw new DomainError("not_found");
  invariant(row.status === "pending", "only a pending move is signed");
  invariant(row.sender === operation.sender, "the operation's sender is the mover's account");
  if (row.frozen_at) throw new DomainError("account_frozen");
  return row;
}

/** Its own account on the other chain, whatever the row says: a broken-in web process must not send it elsewhere. */
async function assertOwnAccount(userId: string, chainId: ChainId, recipient: string) {
  const [account] = await sql<{ address: string }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId} AND chain_id = ${chainId}::chain_id`;
  invariant(account?.address === recipient, "money is brought to the person's own account");
}

const departureOf = ({ id, chainId }: { id: string; chainId: ChainId }, row: Row) => ({ id, userId: row.user_id, storeId: row.store_id, fromChainId: chainId, startedBy: row.has_session ? ("person" as const) : ("night" as const) });

const onlyPart = (parts: readonly TokenPart[]): TokenPart => {
  const [part] = parts;
  invariant(part && parts.length === 1, "one token is brought together at a time");
  return part;
};

/** The calls that burn a person's dollars for their own account on another chain. Fails with not_found, account_frozen. */
export async function dollarsBurnCalls(operation: { id: string; chainId: ChainId; sender: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const row = await rowOf(operation, "dollars");
  const { toChainId, recipient, maxFeeUsdMicros, finality } = DollarsTerms.parse(row.terms);
  const part = onlyPart(row.tokens_used);
  await assertOwnAccount(row.user_id, toChainId, recipient);
  await noteDeparture({ ...departureOf(operation, row), kind: "dollars", toChainId, recipient, units: BigInt(part.amount), sucker: null });
  return { calls: burnCalls({ from: operation.chainId, to: toChainId, recipient, amountUsdMicros: BigInt(part.amount), maxFeeUsdMicros, finality }), startsAt: null };
}

/** The calls that send a person's rewards of one store into its sucker, which has to be the registry's own. Fails with not_found, account_frozen, store_not_ready. */
export async function rewardsPrepareCalls(operation: { id: string; chainId: ChainId; sender: string }): Promise<{ calls: Call[]; startsAt: null }> {
  const row = await rowOf(operation, "rewards");
  const { toChainId, recipient, sucker, token, minUsdMicros } = RewardsTerms.parse(row.terms);
  const part = onlyPart(row.tokens_used);
  await assertOwnAccount(row.user_id, toChainId, recipient);
  const deployments = await sql<{ chain_id: ChainId; project_id: number; token_address: Address }[]>`
    SELECT chain_id, project_id, token_address FROM store_deployments WHERE store_id = ${row.store_id} AND chain_id::text = ANY (${[operation.chainId, toChainId]}::text[]) AND status = 'deployed'`;
  const deployment = deployments.find(({ chain_id }) => chain_id === operation.chainId);
  const there = deployments.find(({ chain_id }) => chain_id === toChainId);
  if (!deployment || !there) throw new DomainError("store_not_ready");
  invariant(deployment.token_address === token && part.token_address === token, "the store's own token is brought together");
  const pair = await readSuckerPair({ from: { chainId: operation.chainId, projectId: deployment.project_id }, to: { chainId: toChainId, projectId: there.project_id } });
  invariant(pair === sucker, "rewards go through the store's own sucker, which is there at both ends");
  await noteDeparture({ ...departureOf(operation, row), kind: "rewards", toChainId, recipient, units: BigInt(part.amount), sucker });
  return { calls: prepareCalls({ chainId: operation.chainId, sucker, token, units: BigInt(part.amount), beneficiary: recipient, minUsdMicros }), startsAt: null };
}
