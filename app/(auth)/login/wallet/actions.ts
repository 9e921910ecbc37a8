"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { publicAction } from "@/lib/action";
import { startSession, startWalletSession } from "@/lib/auth/session";
import { linkWaitingWallet } from "@/lib/auth/wallets/link-wallet";
import { WalletAnswer, WalletAsked } from "@/lib/auth/wallets/rules";
import { walletSignInRequest } from "@/lib/auth/wallets/sign-in-by-wallet";
import { forgetWaitingWallet, readWaitingWallet } from "@/lib/auth/wallets/waiting-cookie";
import { DomainError } from "@/lib/errors";
import { paths, safeNext } from "@/lib/paths";

const next = z.string().max(2000).optional();

/** Fields `address` and `chainId`. The message to sign. */
export const walletSignInRequestAction = publicAction(WalletAsked, (visitor, asked): Promise<string> => walletSignInRequest(visitor, asked));

/** Fields `message`, `signature` and `next`. Signs in, and says where to go: on, to the name, or to the phone of a wallet that is new. */
export const walletSignInAction = publicAction(WalletAnswer.extend({ next }), async (visitor, { next: asked, ...answer }): Promise<{ to: string }> => {
  const outcome = await startWalletSession(visitor, answer);
  if (outcome.kind === "phone_needed") return { to: paths.loginWalletPhone(safeNext(asked)) };
  return { to: outcome.name ? safeNext(asked) : paths.loginName(safeNext(asked)) };
});

const VerifyCode = z.object({ phone: z.string().max(40), code: z.string().max(40), next });

/**
 * Fields `phone`, `code` and `next`. Signs in by the code, then links the wallet that waits in this browser. Where the account wants a
 * confirmation for that, it goes to the wallets' page, which asks for it.
 */
export const verifyCodeAndLinkAction = publicAction(VerifyCode, async (visitor, { next: asked, ...input }): Promise<undefined> => {
  const token = await readWaitingWallet();
  const { userId, sessionId, name } = await startSession(visitor, input);
  const outcome = token ? await linkWaitingWallet({ ...visitor, userId, sessionId }, { token }).catch(notLinked) : "not_linked";
  await forgetWaitingWallet();
  const to = outcome === "linked" ? safeNext(asked) : paths.linkWallet();
  redirect(name ? to : paths.loginName(to));
});

/** The sign-in stands also when the wallet waited too long or was linked elsewhere meanwhile. */
function notLinked(error: unknown): "not_linked" {
  if (error instanceof DomainError) return "not_linked";
  throw error;
}
