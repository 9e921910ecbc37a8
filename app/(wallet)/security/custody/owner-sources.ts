import "server-only";
import { custodyOf } from "@/lib/accounts/queries";
import type { CustodyView } from "@/lib/accounts/rules";
import { listPasskeys } from "@/lib/auth/passkeys/queries";
import { relyingParty } from "@/lib/auth/passkeys/relying-party";
import { listWallets } from "@/lib/auth/wallets/queries";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";
import type { OwnerSources } from "./owner-step";

/** The person's custody, and what owners can be made of. `sources` is null while the account is being prepared. */
export async function ownerSources(actor: { userId: string }): Promise<{ view: CustodyView; sources: OwnerSources | null }> {
  const [view, passkeys, wallets] = await Promise.all([custodyOf(actor), listPasskeys(actor), listWallets(actor)]);
  if (!view.proofAccount) return { view, sources: null };
  return {
    view,
    sources: {
      account: view.proofAccount,
      rpId: relyingParty().id,
      passkeys: passkeys.map(({ passkeyId, name, credentialId, transports, derivedAddress }) => ({ passkeyId, name, credentialId, transports, derivedAddress })),
      wallets: wallets.map(({ walletId, address }) => ({ walletId, address })),
      wallet: walletSetup(),
    },
  };
}
