export const BACKUP_REQUEST_STATUSES = ["asked", "accepted", "declined", "withdrawn"] as const;
export type BackupRequestStatus = (typeof BACKUP_REQUEST_STATUSES)[number];

/** Days without any sign of life of the owner, or of any owner or admin of the store, until each warning; the last opens the claim. */
export const WARNING_DAYS = [60, 75, 90] as const;
export type WarningDay = (typeof WARNING_DAYS)[number];
export const CLAIM_AFTER_DAYS = 90 satisfies WarningDay;
/** A claim is done after so many days in which the owner did not sign in. */
export const CLAIM_WAIT_DAYS = 7;
/** How long a phone may think about being somebody's backup. */
export const BACKUP_REQUEST_DAYS = 7;

const DAY_MS = 86_400_000;
export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);
export const daysAfter = (now: Date, days: number): Date => new Date(now.getTime() + days * DAY_MS);

/**
 * The next warning of an absence, or null. They go out in their order, one a look: whoever was not warned of the 60 days because
 * nobody looked is warned before anything can be claimed.
 */
export function dueWarning({ now, lastActiveAt, warned }: { now: Date; lastActiveAt: Date; warned: readonly WarningDay[] }): WarningDay | null {
  const next = WARNING_DAYS.find((day) => !warned.includes(day));
  return next !== undefined && lastActiveAt <= daysBefore(now, next) ? next : null;
}

const FIRST_NAME_MAX = 20;

/** The first name in letters that every phone shows, for a text message: no dot, so that no name is a link. Empty when nothing is left. */
export const plainFirstName = (name: string | null): string =>
  (name ?? "")
    .trim()
    .split(/\s+/, 1)[0]!
    .normalize("NFD")
    .replace(/[^A-Za-z-]/g, "")
    .slice(0, FIRST_NAME_MAX);
