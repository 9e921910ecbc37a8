/** What an owner filters the trail by, and how the actions of a kind begin. */
export const TRAIL_KINDS = {
  settings: ["store.opened", "store.settings%", "store.logo%", "store.code\\_rotated", "store.closed", "store.reopened", "store.deployment%", "store.exported", "item%"],
  team: ["team.%", "store.ownership%", "recovery.%"],
  till: ["till.%", "charge.%", "till\\_pix%", "store.code\\_checked"],
  money: ["payment.%", "refund.%", "guest\\_payment.%"],
  payouts: ["payout%"],
  refused: ["permission.refused"],
} as const satisfies Record<string, readonly string[]>;
export type TrailKind = keyof typeof TRAIL_KINDS;

/** True for a kind's name, as an address has it. */
export const isTrailKind = (text: string): text is TrailKind => Object.hasOwn(TRAIL_KINDS, text);

/** The last four digits of a number, for a list that many look at over somebody's shoulder. */
export const phoneEnd = (phone: string): string => `•••• ${phone.replace(/\D/g, "").slice(-4)}`;
