import dynamic from "next/dynamic";
import type { ComponentType } from "react";
import type { StepUpPurpose } from "@/lib/auth/rules";
import type { StepUpWays } from "@/lib/auth/step-up-ways";
import { PasskeyWay } from "./passkey-way";

/** One button that confirms the person in this session. It calls `onDone` once the server said yes, and shows its own failures. */
export type Way = ComponentType<{ purpose: StepUpPurpose; onDone: () => void }>;

/** Every way to confirm, in the order in which the dialog offers them. */
export const WAYS: { id: string; isOffered: (ways: StepUpWays) => boolean; Way: Way }[] = [
  { id: "passkey", isOffered: ({ hasPasskey }) => hasPasskey, Way: PasskeyWay },
  { id: "wallet", isOffered: ({ hasWallet }) => hasWallet, Way: dynamic(() => import("./wallet-way")) },
];
