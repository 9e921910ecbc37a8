export const ROLES = ["owner", "admin", "staff"] as const;
export type Role = (typeof ROLES)[number];

/** The whole permission table of PRODUCT.md §6 that is in use. Buttons, use cases and tests read this one. */
const ALLOWED = {
  "till.use": ["owner", "admin", "staff"],
  "code.check": ["owner", "admin", "staff"],
  "payments.view_today": ["owner", "admin", "staff"],
  "payments.view_all": ["owner", "admin"],
  "guest_payments.refund": ["owner", "admin"],
  "balance.view": ["owner"],
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
