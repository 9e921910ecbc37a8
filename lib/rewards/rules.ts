/** What happened to a store's rewards in one movement of a person's. `locked` and `unlocked`: given for an advance and come back from it; `returned`: gone back with a refunded purchase. */
export const REWARD_MOVES = ["earned", "spent", "cashed", "locked", "unlocked", "moved", "returned"] as const;
export type RewardMove = (typeof REWARD_MOVES)[number];

/** Which way it changes what the person has of the store; `moved` stays the person's. */
export const REWARD_SIGNS: Record<RewardMove, -1 | 0 | 1> = { earned: 1, spent: -1, cashed: -1, locked: -1, unlocked: 1, moved: 0, returned: -1 };

/** What a store of rewards is to its holder: whether it takes payments or not, its rewards keep what they are worth. */
export type RewardStoreState = "open" | "closed" | "not_open";

/** Values older than this are shown with a warning: the chain or the worker was silent. */
export const VALUES_FRESH_MS = 15 * 60_000;

/** Worth less than a cent of a dollar: counted, and listed under the others. */
export const ONE_CENT_USD_MICROS = 10_000n;
