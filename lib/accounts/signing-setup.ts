import "server-only";
import { sql } from "@/db/client";
import { relyingParty } from "@/lib/auth/passkeys/relying-party";
import type { PasskeyHandle } from "@/lib/auth/passkeys/rules";
import type { Address } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { OwnerKind } from "./rules";

/** One of the person's own keys that may sign. `passkey` is null when the key is no passkey's, or its passkey is no longer here. */
export type SigningOwner = { kind: OwnerKind; address: Address; name: string | null; passkey: PasskeyHandle | null };

/** What a page needs so that the person signs for the account in the browser. Plain JSON. */
export type SigningSetup = { rpId: string; accounts: { chainId: ChainId; address: Address }[]; owners: SigningOwner[] };

/** Null while the server signs for the person on every chain. `accounts` are the chains where it no longer can. */
export async function signingSetup({ userId }: { userId: string }): Promise<SigningSetup | null> {
  const accounts = await sql<SigningSetup["accounts"]>`
    SELECT chain_id AS "chainId", address FROM smart_accounts WHERE user_id = ${userId} AND custody_status = 'self_custody' ORDER BY chain_id`;
  if (accounts.length === 0) return null;
  const owners = await sql<{ kind: OwnerKind; address: Address; name: string | null; credential_id: string | null; transports: string[] | null }[]>`
    SELECT o.kind, o.address, o.name, p.credential_id, p.transports
    FROM account_owners o LEFT JOIN passkeys p ON p.id = o.passkey_id AND p.user_id = o.user_id
    WHERE o.user_id = ${userId} AND EXISTS (SELECT 1 FROM account_signers s WHERE s.user_id = o.user_id AND s.address = o.address)
    ORDER BY p.last_used_at DESC NULLS LAST, o.created_at`;
  return {
    rpId: relyingParty().id,
    accounts: [...accounts],
    owners: owners.map(({ kind, address, name, credential_id, transports }) => ({ kind, address, name, passkey: credential_id ? { credentialId: credential_id, transports: transports ?? [] } : null })),
  };
}
