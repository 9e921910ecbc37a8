import { DomainError } from "@/lib/errors";

export const ROLES = ["owner", "admin", "staff"] as const;
export type Role = (typeof ROLES)[number];

/** The whole permission table of PRODUCT.md §6. Buttons, use cases and tests read this one. */
const ALLOWED = {
  "till.use": ["owner", "admin", "staff"],
  "charges.make": ["owner", "admin", "staff"],
  "code.check": ["owner", "admin", "staff"],
  "payments.view_today": ["owner", "admin", "staff"],
  "payments.view_all": ["owner", "admin"],
  "analytics.view": ["owner", "admin"],
  "exports.download": ["owner", "admin"],
  "items.manage": ["owner", "admin"],
  "tills.manage": ["owner", "admin"],
  /** Turning the own device into a shared till. */
  "tills.share": ["owner", "admin", "staff"],
  /** Standing in for somebody at a shared till; the override stays on the record. */
  "tills.override": ["owner", "admin"],
  "pin.set": ["owner", "admin", "staff"],
  "team.view": ["owner", "admin"],
  "team.manage_staff": ["owner", "admin"],
  "team.manage_admins": ["owner"],
  "team.leave": ["admin", "staff"],
  /** An admin up to the store's limit. */
  "refunds.make": ["owner", "admin"],
  "guest_payments.refund": ["owner", "admin"],
  "balance.view": ["owner"],
  "payouts.manage": ["owner"],
  "settings.manage": ["owner"],
  "audit.view": ["owner"],
  "store.close": ["owner"],
  "ownership.transfer": ["owner"],
  "deployments.view": ["owner"],
  "deployments.retry": ["owner"],
} satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof ALLOWED;

/** May this role do this? */
export function can(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = ALLOWED[permission];
  return roles.includes(role);
}

/** Who may, for the page that says what right is missing and who can give it. */
export function rolesFor(permission: Permission): readonly Role[] {
  return ALLOWED[permission];
}

/**
 * All that a device may do while it is a shared till, whoever is signed in there: sell. What is the person's own (money, PIN, leaving) and what a
 * manager may is out of reach until that person's PIN ends the sharing.
 */
const AT_SHARED_TILL: readonly Permission[] = ["till.use", "charges.make", "code.check", "payments.view_today"];
export const isForSharedTill = (permission: Permission): boolean => AT_SHARED_TILL.includes(permission);

/** What an invitation and the team's page say about a role, in this order; each has its words in lib/i18n/messages/team.ts under `can`. */
export const SHOWN_PERMISSIONS = [
  "charges.make",
  "code.check",
  "payments.view_today",
  "payments.view_all",
  "analytics.view",
  "items.manage",
  "refunds.make",
  "team.manage_staff",
  "tills.override",
  "team.manage_admins",
  "balance.view",
  "payouts.manage",
  "settings.manage",
  "audit.view",
  "ownership.transfer",
] as const satisfies readonly Permission[];
export type ShownPermission = (typeof SHOWN_PERMISSIONS)[number];
type Underscored<T extends string> = T extends `${infer Head}.${infer Tail}` ? `${Head}_${Tail}` : T;
/** The key of a permission's words: message keys have no dots. */
export const wordsKey = <P extends Permission>(permission: P): Underscored<P> => permission.replace(".", "_") as Underscored<P>;

/** What somebody is invited as: nobody is invited as owner, a store is handed over. */
export const INVITED_ROLES = ["staff", "admin"] as const satisfies readonly Role[];
export type InvitedRole = (typeof INVITED_ROLES)[number];
export const INVITATION_DAYS = 7;
/** Members and open invitations together. */
export const TEAM_MAX = 60;

/** The right that inviting, changing or removing somebody of this role asks for. Owners are changed by nobody: a store is handed over. */
export const rightOver = (role: InvitedRole): Permission => (role === "admin" ? "team.manage_admins" : "team.manage_staff");

export type InvitationState = "open" | "accepted" | "declined" | "cancelled" | "expired";

export function invitationState({ acceptedAt, declinedAt, cancelledAt, expiresAt }: { acceptedAt: Date | null; declinedAt: Date | null; cancelledAt: Date | null; expiresAt: Date }, now: Date): InvitationState {
  if (acceptedAt) return "accepted";
  if (declinedAt) return "declined";
  if (cancelledAt) return "cancelled";
  return expiresAt <= now ? "expired" : "open";
}

export const PIN_DIGITS_MIN = 4;
export const PIN_DIGITS_MAX = 6;
/** Wrong ones until a PIN is locked, until its person sets another or an owner or admin unlocks it. */
export const PIN_TRIES = 5;
/** After so many minutes without a touch a shared till asks anew who sells. */
export const IDLE_MINUTES = [1, 2, 5, 10, 15, 30] as const;
export const DEFAULT_IDLE_MINUTES = 5;

/** Digits as typed, when a PIN may look like that; else null. Says nothing of whether it is a good one. */
export const pinOf = (text: string): string | null => (new RegExp(`^[0-9]{${PIN_DIGITS_MIN},${PIN_DIGITS_MAX}}$`).test(text) ? text : null);

/** A new PIN: 4 to 6 digits, and none of those that are tried first: one digit, runs up or down, repeated groups, years. Fails with: pin_invalid. */
export function parseNewPin(text: string): string {
  const pin = pinOf(text);
  if (!pin || isTrivial(pin)) throw new DomainError("pin_invalid");
  return pin;
}

function isTrivial(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  if (steps.size === 1 && [-1, 0, 1].includes([...steps][0]!)) return true;
  if (/^(\d{2,3})\1+$/.test(pin) || /^(19|20)\d\d$/.test(pin)) return true;
  // 1221, 1122, 112233: two fingers going back and forth.
  return new Set(pin).size === 2 && pin.length === 4 && /^(\d)\1(\d)\2$|^(\d)(\d)\4\3$/.test(pin);
}

const STORE_NAME_SHOWN = 22;

/** A store's name in letters that every phone shows, for a text message: no dot, so that no name is a link. */
export const plainStoreName = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/[^A-Za-z0-9 -]/g, "")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, STORE_NAME_SHOWN)
    .trim();
