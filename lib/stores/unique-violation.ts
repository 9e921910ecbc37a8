import "server-only";

const UNIQUE_VIOLATION = "23505";

/**
 * The name of the unique index that refused a write; null for every other error. Looked at by its fields: the built server holds
 * the driver twice, and `instanceof` asks the wrong copy. The builder wraps what the driver threw.
 */
export function uniqueViolation(error: unknown): string | null {
  const { code, constraint_name: index } = ((error instanceof Error && error.cause) || error || {}) as { code?: unknown; constraint_name?: unknown };
  return code === UNIQUE_VIOLATION ? (typeof index === "string" ? index : "") : null;
}
