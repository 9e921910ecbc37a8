import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { USDC } from "@/lib/chain/addresses";
import { startIris, type Iris } from "@/lib/dev/bridges/iris";
import { newId } from "@/lib/ids";
import { elsewhereOf, findMovable } from "./find-movable";
import { consolidationOf, inFlightOf, openConsolidations } from "./queries";
import { startConsolidation } from "./start-consolidation";
import { consolidationToSign } from "./to-sign";

// Before the first connection of this file.
vi.hoisted(() => {
  process.env["DATABASE_ROLE"] = "cocopay_web";
});

const owner = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
const worker = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {}, connection: { role: "cocopay_worker" } });
const ACCOUNT = "0x00000000000000000000000000000000000acc02";
let iris: Iris;
beforeAll(async () => {
  iris = await startIris({ chains: [{ chainId: "84532", rpcUrl: "http://127.0.0.1:9" }, { chainId: "11155420", rpcUrl: "http://127.0.0.1:9" }] });
  process.env.IRIS_URL = iris.url;
});
afterAll(async () => {
  await Promise.all([iris.stop(), owner.end(), worker.end()]);
});

test("the pages need no right that the web role lacks, and it can't say where money is", async () => {
  const [userId, sessionId] = [newId(), newId()];
  await sql`INSERT INTO users (id, phone) VALUES (${userId}, '+5548977770002')`;
  await sql`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${userId}, ${newId()}, 'phone', now() + INTERVAL '1 day')`;
  await owner`
    INSERT INTO smart_accounts (user_id, chain_id, address, salt, owner_address, initial_owner_address)
    SELECT ${userId}, chain_id, ${ACCOUNT}, '0x', ${ACCOUNT}, ${ACCOUNT} FROM unnest(ARRAY['84532', '11155420']::chain_id[]) AS chain_id`;
  await owner`INSERT INTO token_balances (user_id, chain_id, token_address, balance) VALUES (${userId}, '11155420', ${USDC["11155420"]}, 7000000)`;
  const actor: Actor = { userId, sessionId, name: "Ana", phone: "+5548977770002", locale: "pt-BR", ip: null, userAgent: null };

  expect(await elsewhereOf(userId)).toBe(7_000_000n);
  const { movable: [move] } = await findMovable(userId);
  expect(move).toMatchObject({ kind: "dollars", units: 7_000_000n, maxFeeUsdMicros: 840n });
  const { consolidationId } = await startConsolidation(actor, { key: newId(), storeId: null, fromChainId: "11155420", units: 7_000_000n, maxFeeUsdMicros: 840n });
  expect(await consolidationOf(actor, consolidationId)).toMatchObject({ stage: "leaving", kind: "dollars" });
  expect(await openConsolidations(actor)).toHaveLength(1);
  expect(await inFlightOf(userId)).toEqual([]);
  expect(await consolidationToSign(actor, consolidationId)).toBeNull();
  await expect(consolidationOf({ userId: newId() }, consolidationId)).rejects.toMatchObject({ code: "not_found" });

  for (const statement of [
    "UPDATE consolidations SET stage = 'arrived'", "DELETE FROM consolidation_steps", "INSERT INTO operator_calls (id, chain_id, target, data, purpose, subject_id) VALUES (gen_random_uuid(), '84532', '0x', '0x', 'cctp_mint', gen_random_uuid())",
    "SELECT night_reserve(gen_random_uuid(), gen_random_uuid(), '84532', 1, '', 1, 1, '[]', '{}', '')",
  ]) {
    await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied/);
  }
  // What the worker does with the rows, with its own rights.
  await worker`SELECT id FROM operator_calls FOR UPDATE`;
  await worker`UPDATE consolidations SET looks = 0`;
  await worker`SELECT enabled FROM feature_flags`;
});
