import type { OwnerInput } from "@/lib/accounts/rules";

/** Owners that were chosen and proved, kept over a reload: addresses and proofs, which are no secrets. Words and keys are never among them. */
const KEPT = "cocopay.takeover";

export type ChosenOwner = OwnerInput;
export type Chosen = { account: string; first: ChosenOwner | null; second: ChosenOwner | null };

export function readChosen(account: string): Chosen {
  const nothing: Chosen = { account, first: null, second: null };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Chosen | null;
    return kept?.account === account ? kept : nothing;
  } catch {
    return nothing;
  }
}

export const keepChosen = (chosen: Chosen): void => sessionStorage.setItem(KEPT, JSON.stringify(chosen));
export const forgetChosen = (): void => sessionStorage.removeItem(KEPT);
