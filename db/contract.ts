import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What DATABASE.md says that PostgreSQL refuses as written, put right in the smallest way (README, decisions). */
const REPAIRS: [written: string, repaired: string][] = [
  ['CREATE EXTENSION IF NOT EXISTS "earthdistance"; -- Geolocation queries\n', ""],
  ['CREATE EXTENSION IF NOT EXISTS "cube";', 'CREATE EXTENSION IF NOT EXISTS "cube"; CREATE EXTENSION IF NOT EXISTS "earthdistance";'],
  [",\n\n  UNIQUE(user_id, is_active) WHERE is_active = TRUE\n);", "\n);\nCREATE UNIQUE INDEX signing_keys_user_id_is_active_key ON signing_keys(user_id, is_active) WHERE is_active = TRUE;"],
  [",\n\n  UNIQUE(idempotency_key) WHERE idempotency_key IS NOT NULL\n);", "\n);\nCREATE UNIQUE INDEX transactions_idempotency_key_key ON transactions(idempotency_key) WHERE idempotency_key IS NOT NULL;"],
  ["ll_to_earth(latitude, longitude)", "store_location(latitude, longitude)"],
  ["CREATE TABLE analytics_events (\n  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),", "CREATE TABLE analytics_events (\n  id UUID NOT NULL DEFAULT gen_random_uuid(),"],
];

const WRAPPER = `CREATE FUNCTION store_location(latitude NUMERIC, longitude NUMERIC) RETURNS earth LANGUAGE sql IMMUTABLE AS
  $$ SELECT ll_to_earth(latitude::float8, longitude::float8) $$;`;

/** The customer's schema as one script, with the repairs applied. Fails when the document no longer says what a repair mends. */
export function contractSql(): string {
  let text = readFileSync(fileURLToPath(new URL("contract.sql", import.meta.url)), "utf8");
  for (const [written, repaired] of REPAIRS) {
    if (!text.includes(written)) throw new Error(`The document no longer says: ${written}`);
    text = text.replace(written, () => repaired);
  }
  return text.replace("CREATE TABLE users (", (table) => `${WRAPPER}\n${table}`);
}
