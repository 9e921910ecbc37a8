import "server-only";
import { DrizzleQueryError } from "drizzle-orm/errors";
import postgres from "postgres";

const UNIQUE_VIOLATION = "23505";

/** The name of the unique index that refused a write; null for every other error. */
export function uniqueViolation(error: unknown): string | null {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof postgres.PostgresError && cause.code === UNIQUE_VIOLATION ? (cause.constraint_name ?? "") : null;
}
