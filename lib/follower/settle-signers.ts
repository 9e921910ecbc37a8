import "server-only";
import type { ChainId } from "@/lib/chain/chains";
import type { SqlTx } from "@/lib/worker/lease";
import type { SignersFact, Touched } from "./facts";

/**
 * Writes who may sign for accounts of people, as the chain says: account_signers, whose the account is (the person's alone when no
 * signer is a key of the server's), and its main owner (the first that the person named). What that means for a change of owners is a job
 * (accounts.settle_owner_change), also when a reorg takes it back. An account without code has its first signer.
 */
export async function settleSigners(tx: SqlTx, chainId: ChainId, facts: readonly SignersFact[], touched: Touched) {
  if (facts.length === 0) return;
  const accounts = facts.map(({ account }) => account);
  const pairs = facts.flatMap(({ account, signers }) => signers.map((signer) => ({ account, signer }))).filter(({ signer }) => signer.length === ADDRESS_CHARACTERS);
  const people = await tx<{ user_id: string }[]>`SELECT user_id FROM smart_accounts WHERE chain_id = ${chainId}::chain_id AND address = ANY (${accounts}::text[]) ORDER BY id FOR NO KEY UPDATE`;
  if (people.length === 0) return;
  const userIds = people.map((row) => row.user_id);
  await tx`DELETE FROM account_signers WHERE chain_id = ${chainId}::chain_id AND user_id = ANY (${userIds}::uuid[])`;
  await tx`
    INSERT INTO account_signers (user_id, chain_id, address)
    SELECT a.user_id, a.chain_id, seen.signer
    FROM unnest(${pairs.map(({ account }) => account)}::text[], ${pairs.map(({ signer }) => signer)}::text[]) WITH ORDINALITY AS seen (account, signer, position)
    JOIN smart_accounts a ON a.chain_id = ${chainId}::chain_id AND a.address = seen.account
    ORDER BY seen.position`;
  await tx`
    UPDATE smart_accounts a SET custody_status = present.custody, owner_address = present.main
    FROM (
      SELECT b.id,
        CASE WHEN EXISTS (SELECT FROM signing_keys k WHERE k.user_id = b.user_id AND k.address = ANY (signers.addresses)) THEN 'managed' ELSE 'self_custody' END::custody_status AS custody,
        COALESCE((SELECT o.address FROM account_owners o WHERE o.user_id = b.user_id AND o.address = ANY (signers.addresses) ORDER BY o.created_at, o.id LIMIT 1), signers.addresses[1]) AS main
      FROM smart_accounts b
      CROSS JOIN LATERAL (
        SELECT COALESCE(
          (SELECT array_agg(s.address::text ORDER BY s.id) FROM account_signers s WHERE s.user_id = b.user_id AND s.chain_id = b.chain_id),
          ARRAY[COALESCE(b.initial_owner_address, b.owner_address)::text]) AS addresses
      ) AS signers
      WHERE b.chain_id = ${chainId}::chain_id AND b.user_id = ANY (${userIds}::uuid[])
    ) AS present
    WHERE a.id = present.id AND (a.custody_status, a.owner_address) IS DISTINCT FROM (present.custody, present.main)`;
  const changing = await tx<{ user_id: string }[]>`SELECT DISTINCT user_id FROM owner_changes WHERE user_id = ANY (${userIds}::uuid[])`;
  for (const { user_id: userId } of changing) {
    touched.userIds.add(userId);
    await tx`SELECT public.enqueue_job('accounts.settle_owner_change', ${JSON.stringify({ userId })}::text::json, ${`accounts.settle_owner_change:${userId}`}, now())`;
  }
}

/** A signer with longer bytes is none that we know to ask. */
const ADDRESS_CHARACTERS = 42;
