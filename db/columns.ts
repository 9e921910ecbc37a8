import { sql } from "drizzle-orm";
import { customType, numeric, timestamp } from "drizzle-orm/pg-core";
import { decimalFromUsdMicros, usdMicrosFromDecimal } from "@/lib/money";

/** `NUMERIC(18,6)` dollars, read and written as bigint micro-dollars. */
export const usdMicros = customType<{ data: bigint; driverData: string }>({
  dataType: () => "numeric(18, 6)",
  toDriver: decimalFromUsdMicros,
  fromDriver: usdMicrosFromDecimal,
});

/** `NUMERIC(78,0)`: any uint256, as bigint base units. */
export const units = (name: string) => numeric(name, { precision: 78, scale: 0, mode: "bigint" });

export const at = (name: string) => timestamp(name, { withTimezone: true });
export const createdAt = () => at("created_at").notNull().defaultNow();
export const updatedAt = () => at("updated_at").notNull().defaultNow();

/** Drizzle knows no text enum check of its own; both the type and the constraint come from the one list in rules. */
export const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(", "));
