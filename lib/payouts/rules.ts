export const PAYOUT_TYPES = ["pix", "bank", "wallet"] as const;
export const PAYOUT_STATUSES = ["pending", "processing", "completed", "failed"] as const;
