import postgres from "postgres";
import sharp from "sharp";
import { afterAll, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { getStoreTrail } from "@/lib/audit/store-trail";
import type { Actor } from "@/lib/auth/actor";
import { countStores, getPublicStore, nearestStores } from "@/lib/explore/queries";
import { newId } from "@/lib/ids";
import { whatIsLeft } from "@/lib/privacy/queries";
import { changeSettings } from "./change-settings";
import { closeStore, reopenStore } from "./close-store";
import { changeLogo, findLogo, mayChangeLogo } from "./logo";
import { rotateCode } from "./rotate-code";
import { getSettings } from "./settings";

// Before the first connection of this file.
vi.hoisted(() => {
  process.env["DATABASE_ROLE"] = "cocopay_web";
});

const root = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
afterAll(() => root.end());

test("settings, logo, code, closing, Explore and the trail need no right that the web role lacks", async () => {
  const [userId, sessionId, storeId] = [newId(), newId(), newId()];
  await root`INSERT INTO users (id, phone, name) VALUES (${userId}, '+5548977770003', 'Bia')`;
  await root`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at, stepped_up_at) VALUES (${sessionId}, ${userId}, ${newId()}, 'phone', now() + INTERVAL '1 day', now())`;
  await root`INSERT INTO stores (id, name, symbol, short_code, latitude, longitude, starts_at, reward_rate_bps) VALUES (${storeId}, 'Café da Praia', 'ROLEA', 'ROLE22', -27.5, -48.5, now(), 500)`;
  await root`INSERT INTO store_codes (short_code, store_id) VALUES ('ROLE22', ${storeId})`;
  await root`INSERT INTO store_members (id, store_id, user_id, role, accepted_at) VALUES (${newId()}, ${storeId}, ${userId}, 'owner', now())`;
  await root`INSERT INTO store_deployments (id, store_id, chain_id, project_id, status) VALUES (${newId()}, ${storeId}, '84532', 7, 'deployed')`;
  const actor: Actor = { userId, sessionId, name: "Bia", phone: "+5548977770003", locale: "pt-BR", ip: null, userAgent: null };

  const { versions } = await getSettings(actor, storeId);
  await changeSettings(actor, storeId, versions.business, { section: "business", timeZone: "America/Manaus", tillCurrency: "BRL", legalName: "", cnpj: "", refundLimit: "0" });
  await mayChangeLogo(actor, storeId);
  const { hash } = await changeLogo(actor, storeId, await sharp({ create: { width: 9, height: 9, channels: 3, background: "#000" } }).png().toBuffer());
  expect(await findLogo(storeId, hash!, "small")).not.toBeNull();
  await changeLogo(actor, storeId, null);
  await rotateCode(actor, storeId, "ROLE22");
  expect((await nearestStores({ latitude: -27.5, longitude: -48.5, filter: { search: "praia", isOpenNow: false } })).map(({ id }) => id)).toEqual([storeId]);
  expect(await nearestStores({ latitude: -27.5, longitude: -48.5, filter: { isOpenNow: true } })).toEqual([]);
  expect(await countStores({})).toBe(1);
  expect(await getPublicStore("rolea")).toMatchObject({ id: storeId, qrVersion: 2 });
  await closeStore(actor, storeId, "Café da Praia");
  expect((await whatIsLeft(actor)).ownedStores).toEqual([]);
  await reopenStore(actor, storeId);
  expect((await getStoreTrail(actor, storeId)).lines.map(({ action }) => action)).toEqual(["store.reopened", "store.closed", "store.code_rotated", "store.logo_changed", "store.logo_changed", "store.settings_changed"]);
  await expect(sql`INSERT INTO store_audit_lines (store_id, created_at, audit_id) VALUES (${storeId}, now(), ${newId()})`).rejects.toThrow(/permission denied/);
});
