import "server-only";
import { createHash } from "node:crypto";
import { sql } from "@/db/client";
import { log } from "@/lib/log";
import { BUCKETS, isOnFor, Rules, type Flag, type FlagRow } from "./rules";

/** A switched flag is felt everywhere within this time. */
const FRESH_MS = 10_000;
const known = new Map<Flag, { at: number; row: FlagRow }>();
const OFF: FlagRow = { enabled: false, rules: [] };

/** Whether a flag is on for a person. A flag without a row, or with rules that nobody understands, is off. */
export async function isEnabled(flag: Flag, userId: string, now = Date.now()): Promise<boolean> {
  return isOnFor(await rowOf(flag, now), { userId, bucket: bucketOf(flag, userId) });
}

/** True when it may be on for somebody: spares the work of asking for each person. */
export const isEnabledForAny = async (flag: Flag, now = Date.now()): Promise<boolean> => (await rowOf(flag, now)).enabled;

/** A person's place for a flag, the same for ever and another one for each flag. */
export const bucketOf = (flag: string, userId: string): number => Number(BigInt(`0x${createHash("sha256").update(`${flag}‖${userId}`).digest("hex")}`) % BigInt(BUCKETS));

async function rowOf(flag: Flag, now: number): Promise<FlagRow> {
  const cached = known.get(flag);
  if (cached && now - cached.at < FRESH_MS && now >= cached.at) return cached.row;
  const [row] = await sql<{ enabled: boolean; rules: unknown }[]>`SELECT enabled, rules FROM feature_flags WHERE name = ${flag}`;
  const rules = Rules.safeParse(row?.rules ?? []);
  if (!rules.success) log().error({ flag }, "a feature flag has rules that nobody understands: it is off");
  const read = row && rules.success ? { enabled: row.enabled, rules: rules.data } : OFF;
  known.set(flag, { at: now, row: read });
  return read;
}
