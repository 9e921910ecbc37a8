import "server-only";
import { sql } from "@/db/client";
import { holdingsOf } from "@/lib/balances/queries";
import { areLinked } from "@/lib/chain/bridges";
import type { Address } from "@/lib/chain/addresses";
import { env } from "@/lib/env";
import { isEnabled, isEnabledForAny } from "@/lib/flags/is-enabled";
import { newId, nonceKeyOf } from "@/lib/ids";
import { log } from "@/lib/log";
import { decimalFromUsdMicros } from "@/lib/money";
import { hintOperations } from "@/lib/operations/hint";
import { dollarsOf, preferredChainOf } from "./find-movable";
import { IDLE_USD_MICROS_MIN } from "./rules";
import { storedTerms } from "./terms";

/** Nothing moved or was asked for within this time. */
const IDLE_HOURS = 12;
/** In one night; the others come the next. */
const PEOPLE_MAX = 500;
const DAY_CHARACTERS = 10;

/**
 * Brings the dollars of idle managed accounts together at night, by the free transfer: people who have more than US$ 5 elsewhere, for whom the flag
 * is on, and who neither moved anything lately nor sign for themselves. Once a day, person and chain at most. Answers how many it began.
 */
export async function consolidateIdle(now = new Date()): Promise<number> {
  if (!(await isEnabledForAny("consolidation", now.getTime()))) return 0;
  let begun = 0;
  for (const { user_id: userId } of await idlePeople()) {
    if (await isEnabled("consolidation", userId, now.getTime())) begun += await consolidatePerson(userId, now);
  }
  return begun;
}

const idlePeople = () => sql<{ user_id: string }[]>`
  SELECT b.user_id FROM token_balances b
  JOIN smart_accounts a ON a.user_id = b.user_id AND a.chain_id = b.chain_id AND a.custody_status = 'managed'
  JOIN users u ON u.id = b.user_id AND u.frozen_at IS NULL
  WHERE b.store_id IS NULL AND b.balance > ${IDLE_USD_MICROS_MIN.toString()}::numeric
    AND NOT EXISTS (SELECT FROM transactions t WHERE (t.from_user_id = b.user_id OR t.to_user_id = b.user_id) AND (t.status = 'pending' OR t.created_at > now() - make_interval(hours => ${IDLE_HOURS})))
  GROUP BY b.user_id ORDER BY b.user_id LIMIT ${PEOPLE_MAX}`;

async function consolidatePerson(userId: string, now: Date): Promise<number> {
  const [holdings, toChainId] = await Promise.all([holdingsOf(userId), preferredChainOf(userId)]);
  const [account] = await sql<{ address: Address }[]>`SELECT address FROM smart_accounts WHERE user_id = ${userId} AND chain_id = ${toChainId}::chain_id`;
  if (!account) return 0;
  const elsewhere = holdings.filter(({ store, chainId, available }) => !store && env().CHAIN_IDS.includes(chainId) && areLinked(chainId, toChainId) && available > IDLE_USD_MICROS_MIN);
  let begun = 0;
  for (const holding of elsewhere) {
    const move = await dollarsOf(holding, toChainId, account.address, { isPatient: true });
    if (!move) continue;
    const id = newId();
    const usd = decimalFromUsdMicros(move.valueUsdMicros);
    const parts = [{ token_address: move.tokenAddress, amount: move.units.toString(), amount_usd: usd, store_id: null }];
    const key = `night:${now.toISOString().slice(0, DAY_CHARACTERS)}:${move.fromChainId}`;
    const [row] = await sql<{ result: string }[]>`
      SELECT night_reserve(${id}, ${userId}, ${move.fromChainId}::chain_id, ${nonceKeyOf(id).toString()}::numeric, ${move.tokenAddress}, ${move.units.toString()}::numeric, ${usd}::numeric, ${sql.json(parts)}, ${sql.json(storedTerms(move.terms))}, ${key}) AS result`;
    if (row?.result === "reserved") {
      hintOperations(move.fromChainId);
      begun += 1;
    } else log().info({ userId, result: row?.result }, "idle dollars stay where they are");
  }
  return begun;
}
