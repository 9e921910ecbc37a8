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
  /** Standing in for somebody at a shared till; the override stays on the record. */
  "tills.override": ["owner", "admin"],
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
