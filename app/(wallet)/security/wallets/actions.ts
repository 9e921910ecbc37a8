"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/action";
import { linkWallet, walletLinkRequest } from "@/lib/auth/wallets/link-wallet";
import { renameWallet } from "@/lib/auth/wallets/rename-wallet";
import { WalletAnswer, WalletAsked } from "@/lib/auth/wallets/rules";
import { unlinkWallet } from "@/lib/auth/wallets/unlink-wallet";
import { paths } from "@/lib/paths";

/** Fields `address` and `chainId`. The message to sign. */
export const walletLinkRequestAction = action(WalletAsked, (actor, asked): Promise<string> => walletLinkRequest(actor, asked));

/** Fields `message`, `signature` and `name` (what the wallet calls itself). */
export const linkWalletAction = action(WalletAnswer.extend({ name: z.string().max(300).optional() }), async (actor, input): Promise<undefined> => {
  await linkWallet(actor, input);
});

const walletId = z.uuid();

/** Fields `walletId` and `name`. */
export const renameWalletAction = action(z.object({ walletId, name: z.string().max(300) }), async (actor, input): Promise<undefined> => {
  await renameWallet(actor, input);
  revalidatePath(paths.wallets());
});

/** Field `walletId`. */
export const unlinkWalletAction = action(z.object({ walletId }), async (actor, input): Promise<undefined> => {
  await unlinkWallet(actor, input);
});
