export const CUSTODY_STATUSES = ["managed", "self_custody"] as const;
export type CustodyStatus = (typeof CUSTODY_STATUSES)[number];
