import { randomBytes } from "node:crypto";
import type { Sql } from "postgres";
import { v7 } from "uuid";
import type { Person } from "./fixtures";

export type OwnStore = { storeId: string; shortCode: string; name: string };
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A store of somebody's own that is on no chain: for pages that have nothing to do with one. */
export async function makeOwnStore(db: Sql, owner: Person, name = "Banca da Lúcia"): Promise<OwnStore> {
  const [storeId, shortCode] = [v7(), [...randomBytes(6)].map((byte) => LETTERS[byte & 31]).join("")];
  const symbol = `W${[...randomBytes(7)].map((byte) => String.fromCharCode(65 + (byte % 26))).join("")}`;
  await db`INSERT INTO stores (id, name, symbol, category, address, short_code, qr_version, reward_rate_bps, time_zone) VALUES (${storeId}, ${name}, ${symbol}, 'crafts', 'Campeche, Florianópolis', ${shortCode}, 1, 500, 'America/Sao_Paulo')`;
  await db`INSERT INTO store_codes (short_code, store_id) VALUES (${shortCode}, ${storeId})`;
  await db`INSERT INTO store_members (id, store_id, user_id, role, invited_by, accepted_at) VALUES (${v7()}, ${storeId}, ${owner.userId}, 'owner', ${owner.userId}, now())`;
  return { storeId, shortCode, name };
}
