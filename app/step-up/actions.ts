"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { PasskeyAnswer, type PasskeyRequest } from "@/lib/auth/passkeys/rules";
import { passkeyStepUpRequest, stepUpByPasskey } from "@/lib/auth/passkeys/step-up-by-passkey";
import { jsonField } from "@/lib/auth/passkeys/json-field";
import { requestStepUpWait } from "@/lib/auth/request-step-up-wait";
import { STEP_UP_PURPOSES } from "@/lib/auth/rules";
import { stepUpWays, type StepUpWays } from "@/lib/auth/step-up-ways";
import { WalletAnswer, WalletAsked } from "@/lib/auth/wallets/rules";
import { stepUpByWallet, walletStepUpRequest } from "@/lib/auth/wallets/step-up-by-wallet";
import { walletSetup } from "@/lib/auth/wallets/wallet-setup";

const Purpose = z.object({ purpose: z.enum(STEP_UP_PURPOSES) });

/** Field `purpose`. What this person can confirm with. */
export const stepUpWaysAction = action(Purpose, (actor, input): Promise<StepUpWays> => stepUpWays(actor, input));

/** What the page asks the browser for. */
export const passkeyStepUpRequestAction = action(z.object({}), (actor): Promise<PasskeyRequest> => passkeyStepUpRequest(actor));

/** Field `answer`, the passkey's. Confirms this session for five minutes. */
export const stepUpByPasskeyAction = action(z.object({ answer: jsonField(PasskeyAnswer) }), async (actor, { answer }): Promise<undefined> => {
  await stepUpByPasskey(actor, answer);
});

/** Field `purpose`. Begins the wait of whoever has nothing to confirm with at hand. */
export const requestStepUpWaitAction = action(Purpose, async (actor, input): Promise<{ readyAt: string }> => {
  const { readyAt } = await requestStepUpWait(actor, input);
  return { readyAt: readyAt.toISOString() };
});

/** What the page needs to find the person's wallet. */
export const walletSetupAction = action(z.object({}), async (): Promise<ReturnType<typeof walletSetup>> => walletSetup());

/** Fields `address` and `chainId`. The message that the wallet signs. */
export const walletStepUpRequestAction = action(WalletAsked, (actor, asked): Promise<string> => walletStepUpRequest(actor, asked));

/** Fields `message` and `signature`. Confirms this session for five minutes. */
export const stepUpByWalletAction = action(WalletAnswer, async (actor, answer): Promise<undefined> => {
  await stepUpByWallet(actor, answer);
});
