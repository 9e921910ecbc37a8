import { randomUUID } from "node:crypto";
import { sql } from "@/db/client";
import { newId } from "@/lib/ids";
import { hashPixSecret, pixSecretOf } from "@/lib/tillpix/secret";
import type { World } from "./people";
import { isSignedOut, member, memberRoute, type Row } from "./rows";

const STORE = "(store)/stores/[storeId]";

async function makeItem({ storeId }: World): Promise<string> {
  const id = newId();
  await sql`INSERT INTO store_items (id, store_id, name, price_brl_centavos) VALUES (${id}, ${storeId}, ${`Item ${id}`}, 900)`;
  return id;
}

/** A Pix at the till that is in the given state, of a charge of the store. */
async function makePix({ storeId, userIds }: World, status: "paid" | "paid_twice"): Promise<{ pixId: string; chargeId: string }> {
  const [chargeId, pixId] = [newId(), newId()];
  await sql`
    INSERT INTO charges (id, store_id, idempotency_key, request_fingerprint, currency, amount_brl_centavos, amount_usd, brl_per_usd, rate_at, created_by, expires_at)
    VALUES (${chargeId}, ${storeId}, ${randomUUID()}, 'f', 'BRL', 1000, 2, 5, now(), ${userIds.owner}, now() + interval '10 minutes')`;
  await sql`
    INSERT INTO till_pix (id, charge_id, store_id, provider, chain_id, status, amount_brl_centavos, asked_by, quoted_usd, ticket_id, wallet_address, br_code, expires_at, paid_at, secret_hash)
    VALUES (${pixId}, ${chargeId}, ${storeId}, 'sandbox', '84532', ${status}, 1000, ${userIds.owner}, 1.9, ${pixId}, ${`0x${"1".repeat(40)}`}, 'x', now() + interval '10 minutes', now(), ${hashPixSecret(pixSecretOf(pixId))})`;
  return { pixId, chargeId };
}

/** Whoever has the receipt's secret; the reward itself is a signed-in person's to take. */
const bySecret = (answer: string, needsPerson: boolean, more: Record<string, string> = {}): Row => ({
  send: async (w) => ({ fields: { secret: pixSecretOf((await makePix(w, "paid")).pixId), ...more } }),
  answers: (kind) => (needsPerson && isSignedOut(kind) ? "to:/login" : answer),
});

/** The catalogue and Pix at the till. */
export const TILL_PIX_ROWS: Record<string, Row> = {
  [`${STORE}/items/actions#saveItemAction`]: member("items.manage", "ok", (w) => ({ fields: { storeId: w.storeId, itemId: newId(), name: "Café", category: "", price: "900" } })),
  [`${STORE}/items/actions#removeItemAction`]: member("items.manage", "ok", async (w) => ({ fields: { storeId: w.storeId, itemId: await makeItem(w) } })),
  [`${STORE}/items/actions#setAvailableAction`]: member("items.manage", "ok", async (w) => ({ fields: { storeId: w.storeId, itemId: await makeItem(w), isAvailable: "false" } })),
  [`${STORE}/items/actions#moveItemAction`]: member("items.manage", "ok", async (w) => ({ fields: { storeId: w.storeId, itemId: await makeItem(w), move: "up" } })),
  [`${STORE}/items/actions#importItemsAction`]: member("items.manage", "ok", (w) => ({ fields: { storeId: w.storeId, file: new File(["nome;preço\nCafé;6,50\n"], "itens.csv"), isPreview: "false" } })),
  [`${STORE}/pix/actions#askTillPixAction`]: member("charges.make", "unavailable", async (w) => ({ fields: { storeId: w.storeId, chargeId: newId() } })),
  [`${STORE}/pix/actions#noteTillPhoneAction`]: member("charges.make", "ok", async (w) => ({ fields: { storeId: w.storeId, pixId: (await makePix(w, "paid")).pixId, phone: "48 99988-7766" } })),
  [`${STORE}/identity/actions#requestStoreIdentityAction`]: member("settings.manage", "unavailable", (w) => ({ fields: { storeId: w.storeId, returnTo: "pix" } })),
  [`${STORE}/identity/actions#sayStepDoneAction`]: member("settings.manage", "not_found", (w) => ({ fields: { storeId: w.storeId, step: "company" } })),
  [`${STORE}/pix/actions#returnTillPixAction`]: member("payouts.manage", "ok", async (w) => ({ fields: { storeId: w.storeId, pixId: (await makePix(w, "paid_twice")).pixId } })),
  [`${STORE}/till/pix/[chargeId]/route#GET`]: memberRoute("charges.make", "http:200", async (w) => ({ params: { storeId: w.storeId, chargeId: (await makePix(w, "paid")).chargeId } })),
  "(pay)/x/[secret]/actions#claimRewardAction": bySecret("ok", true),
  "(pay)/x/[secret]/actions#noteReceiptPhoneAction": bySecret("ok", false, { phone: "48 99988-7755" }),
};
