import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { accountSalt, predictAccountAddress } from "@/lib/chain/account";
import { USDC, type Address } from "@/lib/chain/addresses";
import { addressOfKey } from "@/lib/chain/keys";
import { newId } from "@/lib/ids";
import { provisionAccount } from "./provision-account";
import { provisionStoreAccount } from "./provision-store-account";
import { isAccountReady } from "./queries";
import { withSigningKey, type KeyHolder } from "./with-signing-key";

const CHAINS = ["11155420", "84532"];
const signerOf = (holder: KeyHolder) => withSigningKey(holder, (privateKey) => addressOfKey(privateKey));

async function newPerson() {
  const userId = newId();
  await sql`INSERT INTO users (id, phone) VALUES (${userId}, ${`+55${randomBytes(5).readUIntBE(0, 5)}`})`;
  return userId;
}
async function newStore() {
  const storeId = newId();
  await sql`INSERT INTO stores (id, name, symbol) VALUES (${storeId}, 'Loja', ${storeId.replaceAll(/[^a-f]/g, "").slice(0, 4) + randomBytes(3).toString("hex")})`;
  return storeId;
}

test("a person gets one sealed key, the predicted account on each chain and empty dollar balances", async () => {
  const userId = await newPerson();
  expect(await isAccountReady(userId)).toBe(false);
  await provisionAccount(userId);
  expect(await isAccountReady(userId)).toBe(true);

  const keys = await sql<{ address: Address; encrypted_private_key: string; is_active: boolean }[]>`SELECT address, encrypted_private_key, is_active FROM signing_keys WHERE user_id = ${userId}`;
  expect(keys).toHaveLength(1);
  const owner = keys[0]!.address;
  await withSigningKey({ userId }, (privateKey, signer) => {
    expect([addressOfKey(privateKey), signer]).toEqual([owner, owner]);
    for (const form of ["hex", "base64", "base64url"] as const) expect(keys[0]!.encrypted_private_key).not.toContain(Buffer.from(privateKey).toString(form));
  });

  const address = predictAccountAddress({ initialOwner: owner, salt: accountSalt(userId) });
  const accounts = await sql`SELECT chain_id, address, salt, owner_address, initial_owner_address, custody_status, deployed FROM smart_accounts WHERE user_id = ${userId} ORDER BY chain_id::text`;
  expect(accounts).toEqual(
    CHAINS.map((chain_id) => ({ chain_id, address, salt: accountSalt(userId), owner_address: owner, initial_owner_address: owner, custody_status: "managed", deployed: false })),
  );
  expect(address).toBe(address.toLowerCase());
  const balances = await sql`SELECT chain_id, token_address, store_id, balance::text FROM token_balances WHERE user_id = ${userId} ORDER BY chain_id::text`;
  expect(balances).toEqual(CHAINS.map((chain_id) => ({ chain_id, token_address: USDC[chain_id as "84532"], store_id: null, balance: "0" })));
  const trail = await sql`SELECT action, new_values FROM audit_logs WHERE resource_id = ${userId}`;
  expect(trail).toEqual([{ action: "account.provisioned", new_values: { chainIds: ["84532", "11155420"], address } }]);
});

test("provisioning again, and ten times at once, adds nothing", async () => {
  const userId = await newPerson();
  await Promise.all(Array.from({ length: 10 }, () => provisionAccount(userId)));
  const first = await signerOf({ userId });
  await provisionAccount(userId);
  expect(await signerOf({ userId })).toBe(first);
  const [counts] = await sql`
    SELECT (SELECT count(*)::int FROM signing_keys WHERE user_id = ${userId}) AS keys, (SELECT count(*)::int FROM smart_accounts WHERE user_id = ${userId}) AS accounts,
           (SELECT count(*)::int FROM token_balances WHERE user_id = ${userId}) AS balances, (SELECT count(*)::int FROM audit_logs WHERE resource_id = ${userId}) AS audits`;
  expect(counts).toEqual({ keys: 1, accounts: 2, balances: 2, audits: 1 });
});

test("a chain that was enabled later gets the same address, from the first signer", async () => {
  const userId = await newPerson();
  await provisionAccount(userId);
  await sql`DELETE FROM token_balances WHERE user_id = ${userId} AND chain_id = '11155420'`;
  await sql`DELETE FROM smart_accounts WHERE user_id = ${userId} AND chain_id = '11155420'`;
  expect(await isAccountReady(userId)).toBe(false);
  await provisionAccount(userId);
  const rows = await sql`SELECT DISTINCT address, initial_owner_address FROM smart_accounts WHERE user_id = ${userId}`;
  expect(rows).toHaveLength(1);
  expect(await sql`SELECT count(*)::int AS n FROM signing_keys WHERE user_id = ${userId}`).toEqual([{ n: 1 }]);
  expect(await isAccountReady(userId)).toBe(true);
});

test("a store gets the same of its own", async () => {
  const storeId = await newStore();
  await Promise.all(Array.from({ length: 5 }, () => provisionStoreAccount(storeId)));
  const owner = await signerOf({ storeId });
  const address = predictAccountAddress({ initialOwner: owner, salt: accountSalt(storeId) });
  expect(await sql`SELECT chain_id, address, owner_address, deployed FROM store_accounts WHERE store_id = ${storeId} ORDER BY chain_id::text`).toEqual(
    CHAINS.map((chain_id) => ({ chain_id, address, owner_address: owner, deployed: false })),
  );
  expect(await sql`SELECT chain_id, token_address, token_store_id, balance::text FROM store_token_balances WHERE store_id = ${storeId} ORDER BY chain_id::text`).toEqual(
    CHAINS.map((chain_id) => ({ chain_id, token_address: USDC[chain_id as "84532"], token_store_id: null, balance: "0" })),
  );
});

test("nobody's account and nobody's key are said so", async () => {
  await expect(provisionAccount(newId())).rejects.toMatchObject({ code: "not_found" });
  await expect(provisionStoreAccount(newId())).rejects.toMatchObject({ code: "not_found" });
  await expect(signerOf({ userId: await newPerson() })).rejects.toMatchObject({ code: "account_not_ready" });
});

test("sealed keys swapped between two rows do not open, with and without their addresses", async () => {
  const [ana, bia] = [await newPerson(), await newPerson()];
  await provisionAccount(ana);
  await provisionAccount(bia);
  const sealOf = async (userId: string) => (await sql<{ sealed: string; address: string }[]>`SELECT encrypted_private_key AS sealed, address FROM signing_keys WHERE user_id = ${userId}`)[0]!;
  const [a, b] = [await sealOf(ana), await sealOf(bia)];
  await sql`UPDATE signing_keys SET encrypted_private_key = ${b.sealed} WHERE user_id = ${ana}`;
  await expect(signerOf({ userId: ana })).rejects.toThrow("does not open");
  await sql`UPDATE signing_keys SET address = ${b.address} WHERE user_id = ${ana}`;
  await expect(signerOf({ userId: ana })).rejects.toThrow("does not open");
  await sql`UPDATE signing_keys SET encrypted_private_key = ${a.sealed} WHERE user_id = ${ana}`;
  await expect(signerOf({ userId: ana })).rejects.toThrow("does not open");
  await sql`UPDATE signing_keys SET address = ${a.address} WHERE user_id = ${ana}`;
  expect(await signerOf({ userId: ana })).toBe(a.address);
});

test("an opened key is wiped after its use, also when the use fails", async () => {
  const userId = await newPerson();
  await provisionAccount(userId);
  let kept: Uint8Array = new Uint8Array();
  const keep = (privateKey: Uint8Array) => {
    kept = privateKey;
    expect(privateKey.some((byte) => byte !== 0)).toBe(true);
  };
  await withSigningKey({ userId }, keep);
  expect(kept).toEqual(Buffer.alloc(32));
  const failing = withSigningKey({ userId }, (privateKey) => {
    keep(privateKey);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(kept).toEqual(Buffer.alloc(32));
});
