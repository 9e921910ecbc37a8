import "server-only";
import type { WalletSetup } from "@/components/wallet/wallet-types";
import { signingSetup, type SigningSetup } from "@/lib/accounts/signing-setup";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";

/** What `useOwnerSigner` is given by a page. */
export type Signing = { setup: SigningSetup; wallet: WalletSetup };

/** Null while the server signs for the person everywhere. */
export async function signingOf(actor: { userId: string }): Promise<Signing | null> {
  const setup = await signingSetup(actor);
  return setup && { setup, wallet: walletSetup() };
}
