export const BACKUP_REQUEST_STATUSES = ["asked", "accepted", "declined", "withdrawn"] as const;
export type BackupRequestStatus = (typeof BACKUP_REQUEST_STATUSES)[number];

/** Days without any sign of life of the owner, or of any owner or admin of the stores, until each warning; the last opens the claim. */
export const WARNING_DAYS = [60, 75, 90] as const;
/** A claim is done after so many days in which the owner did not sign in. */
export const CLAIM_WAIT_DAYS = 7;
/** How long a phone may think about being somebody's backup. */
export const BACKUP_REQUEST_DAYS = 7;
