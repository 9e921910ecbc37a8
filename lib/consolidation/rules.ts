/** What can be brought together: dollars by Circle's CCTP, a store's rewards by Juicebox's suckers. */
export const CONSOLIDATION_KINDS = ["dollars", "rewards"] as const;
export type ConsolidationKind = (typeof CONSOLIDATION_KINDS)[number];
/** What travels between chains by the same steps: people's money, and a store's dollars on their way to the partner who pays reais. */
export const CARRIED_KINDS = [...CONSOLIDATION_KINDS, "payout"] as const;
export type CarriedKind = (typeof CARRIED_KINDS)[number];

/**
 * How far it is, each stage proven by a chain. `leaving`: the person's operation is on its way. `left`: burned, or prepared, where it was.
 * `attested`: Circle signed for it. `rooted`: the sucker's root with it was sent. `delivered`: that root is on the other side. `arrived`: minted to
 * the person there. `failed`: it never left.
 */
export const CONSOLIDATION_STAGES = ["leaving", "left", "attested", "rooted", "delivered", "arrived", "failed"] as const;
export type ConsolidationStage = (typeof CONSOLIDATION_STAGES)[number];

/** The stages of each kind in their order. */
export const STAGES_OF: Record<ConsolidationKind, readonly ConsolidationStage[]> = {
  dollars: ["leaving", "left", "attested", "arrived"],
  rewards: ["leaving", "left", "rooted", "delivered", "arrived"],
};

/** Steps as people see them: what has to be over before each stage is reached. */
export const CONSOLIDATION_STEPS = ["burn", "attest", "mint", "prepare", "root", "bridge", "claim"] as const;
export type ConsolidationStep = (typeof CONSOLIDATION_STEPS)[number];
export const STEPS_OF: Record<ConsolidationKind, readonly ConsolidationStep[]> = { dollars: ["burn", "attest", "mint"], rewards: ["prepare", "root", "bridge", "claim"] };

/** Why it waits longer than usual; never that money is lost. */
export const CONSOLIDATION_PROBLEMS = ["attestation_late", "attestation_wrong", "chain_silent", "bridge_late", "call_refused"] as const;
export type ConsolidationProblem = (typeof CONSOLIDATION_PROBLEMS)[number];

export const STARTED_BY = ["person", "night"] as const;

/** Over: it arrived, or it never left. */
export const isOver = (stage: ConsolidationStage): boolean => stage === "arrived" || stage === "failed";

/** How many of its steps are done. */
export const stepsDone = (kind: ConsolidationKind, stage: ConsolidationStage): number => (stage === "failed" ? 0 : STAGES_OF[kind].indexOf(stage));

/** Less than a cent is left where it is. */
export const CONSOLIDATION_USD_MICROS_MIN = 10_000n;
/** From here on the balance says that it could be brought together; less is not worth a word. */
export const OFFER_USD_MICROS_MIN = 1_000_000n;
/** Idle managed accounts with more than this elsewhere are brought together at night. */
export const IDLE_USD_MICROS_MIN = 5_000_000n;

/** In a day and person: each costs our operators a bridge's fee. */
export const CONSOLIDATIONS_A_DAY_MAX = 20;

/** Seconds that it usually takes: Circle's fast transfer, its free one, and Chainlink's bridge (RAILS.md §8, CHAIN.md §5). */
export const USUAL_SECONDS = { fast: 30, standard: 1_140, rewards: 1_800 } as const;

/** From here on a wait is worth a word. */
export const LATE_SECONDS = { attestation: 180, bridge: 3_600, chain: 60 } as const;

const BPS = 10_000n;
/** The fee may rise between the screen and the burn; what is not needed is not taken. */
const FEE_HEADROOM_PERCENT = 120n;

/** The most that a fast transfer may cost: the present fee in hundredths of a basis point, rounded up, and a fifth more. */
export function maxFeeOf(amountUsdMicros: bigint, hundredthsOfBps: bigint): bigint {
  const fee = (amountUsdMicros * hundredthsOfBps + BPS * 100n - 1n) / (BPS * 100n);
  return (fee * FEE_HEADROOM_PERCENT + 99n) / 100n;
}

/** The longest and shortest pause between two looks at one that waits. */
const LOOK_MS = { first: 500, most: 15_000 } as const;

/** How long until the next look, the longer the more looks found nothing new. */
export const lookAgainMs = (looks: number): number => Math.min(LOOK_MS.most, LOOK_MS.first * 2 ** Math.min(Math.floor(looks / 4), 8));
