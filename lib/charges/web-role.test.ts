import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { USDC } from "@/lib/chain/addresses";
import { openChargePayment } from "@/lib/guests/open-charge-payment";
import { openGuestPayment } from "@/lib/guests/open-guest-payment";
import { releaseCharge } from "@/lib/guests/release-charge";
import { newId } from "@/lib/ids";
import { confirmPayment } from "@/lib/payments/confirm-payment";
import { receiveCodeFor } from "@/lib/transfers/receive-code";
import { cancelCharge } from "./cancel-charge";
import { makeCharge } from "./make-charge";
import { chargesWaitingFor, getTillCharge, openCharges, quickItems } from "./queries";
import { quoteCharge } from "./quote-charge";
import { addTill, listTills, removeTill } from "./tills";

// Before the first connection of this file.
vi.hoisted(() => {
  process.env["DATABASE_ROLE"] = "cocopay_web";
});

const owner = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
afterAll(() => owner.end());

async function makeActor(phone: string): Promise<Actor> {
  const [userId, sessionId] = [newId(), newId()];
  const address = `0x${newId().replaceAll("-", "").padEnd(40, "0")}`;
  await owner`INSERT INTO users (id, phone, name, created_at) VALUES (${userId}, ${phone}, 'Ana Maria', now() - interval '30 days')`;
  await owner`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${userId}, ${newId()}, 'phone', now() + INTERVAL '1 day')`;
  await owner`INSERT INTO smart_accounts (user_id, chain_id, address, salt, owner_address, initial_owner_address) VALUES (${userId}, '84532', ${address}, '0x', ${address}, ${address})`;
  await owner`INSERT INTO token_balances (user_id, chain_id, token_address, balance) VALUES (${userId}, '84532', ${USDC["84532"]}, 50000000)`;
  return { userId, sessionId, name: "Ana", phone, locale: "pt-BR", ip: null, userAgent: null };
}

test("the pages need no right that the web role lacks, and it can't take a charge past its function", async () => {
  const [seller, customer] = [await makeActor("+5548977770011"), await makeActor("+5548977770012")];
  const storeId = newId();
  await owner`INSERT INTO exchange_rates (id, brl_per_usd, quoted_at, source) VALUES (${newId()}, 5.5, now(), 'test') ON CONFLICT DO NOTHING`;
  await owner`INSERT INTO stores (id, name, symbol, short_code, reward_rate_bps, starts_at) VALUES (${storeId}, 'Café da Praia', 'CAFEWEB', 'CAFEWB', 500, now() - interval '1 hour')`;
  await owner`INSERT INTO store_codes (short_code, store_id) VALUES ('CAFEWB', ${storeId})`;
  await owner`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${seller.userId}, 'owner', now())`;
  await owner`INSERT INTO store_deployments (store_id, chain_id, project_id, token_address, terminal_address, status) VALUES (${storeId}, '84532', 7001, ${`0x${"7".repeat(40)}`}, ${`0x${"8".repeat(40)}`}, 'deployed')`;

  const till = await addTill(seller, { storeId, name: "Caixa 1" });
  expect(await listTills(seller, storeId)).toEqual([till]);
  const charge = (customerCode: string | null = null) => makeCharge(seller, { storeId, key: randomUUID(), currency: "BRL", amountText: "3850", typedText: "3850", note: "Mesa 4", isTipAllowed: true, items: [], customerCode, tillId: till.id });
  const { chargeId } = await charge(await receiveCodeFor(customer));
  expect(await getTillCharge(seller, { storeId, chargeId })).toMatchObject({ state: "open", tillId: till.id, customerName: "Ana M." });
  expect(await openCharges(seller, storeId)).toHaveLength(1);
  expect(await chargesWaitingFor(customer)).toHaveLength(1);
  expect(await quickItems(seller, storeId)).toEqual([]);
  const { signed } = await quoteCharge(customer, { chargeId, tip: "5", tipText: "" });
  const { transactionId } = await confirmPayment(customer, { key: randomUUID(), quote: signed });
  expect(await getTillCharge(seller, { storeId, chargeId })).toMatchObject({ state: "paying", payment: { transactionId } });
  const other = await charge();
  // A wallet's page, of a charge and of an own amount, needs no more.
  const visitor = { ip: null, deviceId: "S".repeat(22) };
  const page = await openChargePayment(visitor, null, { chargeId: other.chargeId, tip: "10", tipText: "", ownReference: null });
  expect(await getTillCharge(seller, { storeId, chargeId: other.chargeId })).toMatchObject({ state: "paying", hold: { isReported: false } });
  await releaseCharge(visitor, { reference: page.reference, secret: page.secret ?? "" });
  expect(await openGuestPayment(visitor, customer, { shortCode: "CAFEWB", currency: "BRL", amountText: "500" })).toMatchObject({ reference: expect.stringMatching(/^[0-9a-f]{32}$/) });
  await cancelCharge(seller, { storeId, chargeId: other.chargeId });
  await removeTill(seller, { storeId, tillId: till.id });

  for (const statement of ["UPDATE charges SET transaction_id = NULL", "UPDATE charges SET amount_usd = 1", "UPDATE charges SET customer_id = NULL", "UPDATE charges SET expires_at = now()", "DELETE FROM charges", "UPDATE transactions SET charge_id = NULL", "UPDATE transactions SET tip_usd = 0"]) {
    await expect(sql.unsafe(statement)).rejects.toThrow(/permission denied/);
  }
});
