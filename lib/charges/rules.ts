/** One line of a charge: an item as it was named and priced at that moment, or null for what was typed. */
export type ChargeLine = { itemId: string | null; name: string; quantity: number; unitBrlCentavos: string };

/** What a charge's row, its payment and the clock make of it. `paying` is a payment that has not settled yet. */
export const CHARGE_STATES = ["open", "paying", "paid", "expired", "cancelled"] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];
