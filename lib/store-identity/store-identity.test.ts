import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { createSubAccount } from "@/lib/avenia/accounts";
import { bodyOf, signBody } from "@/lib/dev/avenia/deliver";
import { DomainError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { getPayoutIdentity } from "@/lib/payouts/identity";
import { providerAccount } from "@/lib/payouts/provider-account";
import { startAveniaWorld, type AveniaWorld } from "@/lib/test/avenia-world";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { approve, judgePage } from "@/lib/test/payout-worlds";
import { makeCharge, makePixShop, openPix, payAtBank, pixRow, switchPixOn } from "@/lib/test/pix-world";
import { runJobs } from "@/lib/test/run-jobs";
import { askTillPix } from "@/lib/tillpix/ask-till-pix";
import { getStorePix } from "@/lib/tillpix/queries";
import { syncTillPix } from "@/lib/tillpix/sync-till-pix";
import { takeWebhook } from "@/lib/topups/take-webhook";
import { storeIdentityOf } from "./queries";
import { requestStoreIdentity } from "./request-store-identity";
import { sayStepDone } from "./say-step-done";
import { startStoreIdentity } from "./start-store-identity";
import { syncStoreIdentity } from "./sync-store-identity";
import { watchStoreIdentities } from "./watch-store-identities";

process.env.CHAIN_IDS = "84532";
const CNPJ = "11444777000161";
let avenia: AveniaWorld;
beforeAll(async () => {
  avenia = await startAveniaWorld();
  await makeRate();
  await switchPixOn();
});
afterAll(() => avenia.stop());
beforeEach(async () => {
  avenia.sandbox.world.faults.length = 0;
  await sql`DELETE FROM rate_limits`;
});

type Shop = { storeId: string; actor: Actor };
async function shop(cnpj: string | null): Promise<Shop> {
  const { storeId, actor } = await makeStore();
  await sql`UPDATE stores SET cnpj = ${cnpj} WHERE id = ${storeId}`;
  return { storeId, actor };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
async function rowOf(storeId: string) {
  const row = await storeIdentityOf(storeId);
  if (!row) throw new Error("no such check");
  return row;
}
async function asked({ storeId, actor }: Shop) {
  await requestStoreIdentity(actor, { storeId, returnTo: "pix" });
  await runJobs();
  return rowOf(storeId);
}
/** What the provider says by now, in the database. */
async function settled(storeId: string) {
  await Promise.all(avenia.sandbox.world.pending);
  await syncStoreIdentity((await rowOf(storeId)).id);
  return rowOf(storeId);
}
const accountsOf = async (storeId: string) => {
  const { id } = await rowOf(storeId);
  return avenia.sandbox.world.state.subAccounts.filter(({ name }) => name.includes(storeId) || name.includes(id));
};
const attemptsOf = (subAccountId: string | null) => avenia.sandbox.world.state.attempts.filter((attempt) => attempt.subAccountId === subAccountId);
/** Both pages of the store, as its owner sees them. */
const pagesOf = async ({ storeId, actor }: Shop) => [(await getStorePix(actor, storeId)).identity, await getPayoutIdentity(actor, storeId)];

test.each([["company", CNPJ], ["individual", null]] as const)("a store is checked once as %s, whichever side asks first, and both pages show it", async (accountType, cnpj) => {
  for (const side of ["pix", "payouts"]) {
    const own = await shop(cnpj);
    const open = side === "pix" ? await asked(own) : (await providerAccount("avenia", own.storeId), await rowOf(own.storeId));
    expect(open).toMatchObject({ status: "open", accountType });
    expect(avenia.sandbox.world.state.attempts.at(-1)?.redirectUrl).toMatch(side === "pix" ? /\/pix$/ : /\/payouts$/);
    // The other side finds what is under way.
    await asked(own);
    expect(await providerAccount("avenia", own.storeId)).toMatchObject({ identity: "needed", accountId: open.subAccountId, identityUrl: open.attemptUrl, representativeUrl: open.representativeUrl });
    expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: await makeCharge(own) }))).toBe("pix_not_ready");
    await approve(open.attemptUrl, open.representativeUrl);
    expect(await settled(own.storeId)).toMatchObject({ status: "approved" });
    for (const page of await pagesOf(own)) expect(page).toMatchObject({ status: "approved", steps: (cnpj ? ["company", "representative"] : ["person"]).map((step) => ({ step, state: "confirmed", url: null })) });
    expect(await providerAccount("avenia", own.storeId)).toMatchObject({ identity: "confirmed", accountId: open.subAccountId });
    expect(await codeOf(askTillPix(own.actor, { storeId: own.storeId, chargeId: await makeCharge(own) }))).toBeNull();
    expect(await accountsOf(own.storeId)).toMatchObject([{ id: open.subAccountId, accountType: accountType.toUpperCase() }]);
    expect(attemptsOf(open.subAccountId)).toHaveLength(1);
  }
});

test.each(["company", "representative"] as const)("with only the %s page done the store is not confirmed, and both pages show which one is left", async (done) => {
  const own = await shop(CNPJ);
  for (const page of await pagesOf(own)) expect(page).toMatchObject({ status: "none", steps: [{ step: "company", state: "waiting", url: null }, { step: "representative", state: "waiting", url: null }] });
  expect(await codeOf(sayStepDone(own.actor, { storeId: own.storeId, step: done }))).toBe("not_found");
  const open = await asked(own);
  const urls = { company: open.attemptUrl, representative: open.representativeUrl };
  const left = done === "company" ? "representative" : "company";
  await approve(urls[done]);
  await sayStepDone(own.actor, { storeId: own.storeId, step: done });
  await sayStepDone(own.actor, { storeId: own.storeId, step: done });
  expect(await settled(own.storeId)).toMatchObject({ status: "open" });
  for (const page of await pagesOf(own)) {
    expect(page?.status).toBe("open");
    expect(Object.fromEntries(page?.steps.map(({ step, state, url }) => [step, [state, url]]) ?? [])).toEqual({ [done]: ["said", urls[done]], [left]: ["waiting", urls[left]] });
  }
  // What a person says confirms nothing.
  await sayStepDone(own.actor, { storeId: own.storeId, step: left });
  expect(await settled(own.storeId)).toMatchObject({ status: "open" });
  expect(await providerAccount("avenia", own.storeId)).toMatchObject({ identity: "needed" });
  await approve(urls[left]);
  expect(await settled(own.storeId)).toMatchObject({ status: "approved" });
  expect(await sql`SELECT 1 FROM audit_logs WHERE resource_id = ${own.storeId} AND action = 'till_pix.identity_step_said'`).toHaveLength(2);
});

test("refused with either page; another attempt is asked for once, in the same account; a final no stays", async () => {
  const own = await shop(CNPJ);
  const first = await asked(own);
  await judgePage(first.representativeUrl!, "reject");
  expect(await settled(own.storeId)).toMatchObject({ status: "rejected" });
  for (const page of await pagesOf(own)) expect(page).toMatchObject({ status: "rejected", mayTryAgain: true, steps: [{ state: "refused", url: null }, { state: "refused", url: null }] });
  // Payouts ask for nothing by themselves.
  expect(await providerAccount("avenia", own.storeId)).toMatchObject({ identity: "needed", identityUrl: null });
  expect(attemptsOf(first.subAccountId)).toHaveLength(1);
  const second = await asked(own);
  expect(second).toMatchObject({ status: "open", subAccountId: first.subAccountId, companySaidAt: null });
  expect(second.attemptId).not.toBe(first.attemptId);
  await judgePage(second.attemptUrl!, "wait");
  await judgePage(second.representativeUrl!, "approve");
  expect(await settled(own.storeId)).toMatchObject({ status: "processing" });
  for (const page of await pagesOf(own)) expect(page).toMatchObject({ status: "processing", steps: [{ state: "checking" }, { state: "checking" }] });
  Object.assign(attemptsOf(first.subAccountId).at(-1) ?? {}, { status: "COMPLETED", result: "REJECTED", retryable: false });
  await watchStoreIdentities();
  expect(await rowOf(own.storeId)).toMatchObject({ status: "rejected", isRetryable: false });
  expect(await codeOf(requestStoreIdentity(own.actor, { storeId: own.storeId, returnTo: "payouts" }))).toBe("identity_final");
  expect(await providerAccount("avenia", own.storeId)).toMatchObject({ identity: "rejected" });
});

test("a person who was refused and names a CNPJ begins anew as a company; whoever is known stays what it is", async () => {
  const own = await shop(null);
  const first = await asked(own);
  expect(await providerAccount("avenia", own.storeId)).toMatchObject({ accountId: first.subAccountId });
  await judgePage(first.attemptUrl!, "reject");
  await settled(own.storeId);
  await sql`UPDATE stores SET cnpj = ${CNPJ} WHERE id = ${own.storeId}`;
  const second = await asked(own);
  expect(second).toMatchObject({ accountType: "company", status: "open" });
  expect(second.subAccountId).not.toBe(first.subAccountId);
  await approve(second.attemptUrl, second.representativeUrl);
  await settled(own.storeId);
  const account = await providerAccount("avenia", own.storeId);
  expect(account).toMatchObject({ identity: "confirmed", accountId: second.subAccountId });
  await sql`UPDATE stores SET cnpj = NULL WHERE id = ${own.storeId}`;
  await startStoreIdentity(own.storeId, "payouts");
  expect(await rowOf(own.storeId)).toMatchObject({ accountType: "company", status: "approved" });
  expect(await providerAccount("avenia", own.storeId)).toMatchObject({ accountId: account.accountId, depositAddress: account.depositAddress });
});

test("a till and a payout that open the account at once make one", async () => {
  for (const cnpj of [CNPJ, null]) {
    const own = await shop(cnpj);
    await Promise.all([startStoreIdentity(own.storeId, "pix"), startStoreIdentity(own.storeId, "payouts"), providerAccount("avenia", own.storeId), providerAccount("avenia", own.storeId)]);
    const row = await rowOf(own.storeId);
    expect(await accountsOf(own.storeId)).toHaveLength(1);
    expect(attemptsOf(row.subAccountId)).toHaveLength(1);
  }
});

test("only the owner asks and says, and a lost answer makes no second account", async () => {
  const admin = await makeStore({ role: "admin" });
  expect(await codeOf(requestStoreIdentity(admin.actor, { storeId: admin.storeId, returnTo: "pix" }))).toBe("forbidden");
  expect(await codeOf(sayStepDone(admin.actor, { storeId: admin.storeId, step: "company" }))).toBe("forbidden");
  expect(await codeOf(getPayoutIdentity((await makePerson()).actor, admin.storeId))).toBe("not_found");
  for (const cnpj of [CNPJ, null]) {
    const own = await shop(cnpj);
    await avenia.post("/__sandbox/faults", { call: "POST /v2/account/sub-accounts", kind: "timeout-after-accept" });
    await requestStoreIdentity(own.actor, { storeId: own.storeId, returnTo: "pix" });
    await runJobs().catch(() => {});
    // The minute's round begins again what could not be had.
    await sql`UPDATE store_identities SET asked_at = now() - interval '2 minutes' WHERE store_id = ${own.storeId}`;
    await watchStoreIdentities();
    expect(await rowOf(own.storeId)).toMatchObject({ status: "open" });
    expect(await accountsOf(own.storeId)).toHaveLength(1);
    await sql`DELETE FROM graphile_worker._private_jobs`;
  }
});

test("a webhook about a store's check is a nudge to ask the provider", async () => {
  const own = await shop(CNPJ);
  const open = await asked(own);
  await approve(open.attemptUrl, open.representativeUrl);
  await Promise.all(avenia.sandbox.world.pending);
  const body = bodyOf({ id: newId(), subscription: "KYC", type: "KYC", subAccountId: open.subAccountId!, createdAt: new Date().toISOString(), data: { attempt: { id: open.attemptId } } }, false);
  expect(await takeWebhook(Buffer.from(body), signBody(avenia.sandbox.world.state.privateKeyPem, body))).toBe("taken");
  await runJobs();
  expect(await rowOf(own.storeId)).toMatchObject({ status: "approved" });
});

test("an account that the partner knows already, or is looking at, is taken as it is", async () => {
  for (const [isIdentified, status] of [[true, "approved"], [false, "processing"]] as const) {
    const own = await shop(CNPJ);
    const subAccountId = await createSubAccount(avenia.access, { accountType: "COMPANY", name: `CocoPay ${own.storeId}` });
    if (isIdentified) Object.assign(avenia.sandbox.world.state.subAccounts.find(({ id }) => id === subAccountId) ?? {}, { isIdentified });
    else avenia.sandbox.world.state.attempts.push({ id: newId(), subAccountId, redirectUrl: "", status: "PROCESSING", result: "", resultMessage: "", retryable: true, createdAt: new Date().toISOString(), updatedAt: "" });
    await asked(own);
    expect(await settled(own.storeId)).toMatchObject({ status, subAccountId });
    expect(attemptsOf(subAccountId)).toHaveLength(isIdentified ? 0 : 1);
  }
});

test("a store that had two accounts: codes are asked about where they were ordered, new ones go to the shared one", async () => {
  const { storeId, actor } = await makeStore();
  const own = await makePixShop(avenia, storeId, actor);
  const old = await openPix(own, await makeCharge(own));
  const company = await createSubAccount(avenia.access, { accountType: "COMPANY", name: `CocoPay ${storeId}` });
  Object.assign(avenia.sandbox.world.state.subAccounts.find(({ id }) => id === company) ?? {}, { isIdentified: true });
  const before = (await rowOf(storeId)).subAccountId;
  await sql`UPDATE store_identities SET sub_account_id = ${company}, account_type = 'company', attempt_id = NULL, attempt_url = NULL WHERE store_id = ${storeId}`;
  const account = await providerAccount("avenia", storeId);
  expect(account).toMatchObject({ accountId: company, identity: "confirmed" });
  const fresh = await openPix(own, await makeCharge(own));
  await payAtBank(avenia, old);
  await payAtBank(avenia, fresh);
  for (const [pixId, subAccountId] of [[old, before], [fresh, company]] as const) {
    await syncTillPix(pixId);
    expect(await pixRow(pixId)).toMatchObject({ status: "paid" });
    expect(await sql`SELECT sub_account_id FROM till_pix WHERE id = ${pixId}`).toEqual([{ sub_account_id: subAccountId }]);
  }
});

test("where a store's dollars lie is not exchanged for another account", async () => {
  const own = await shop(null);
  await sql`INSERT INTO payout_accounts (store_id, provider, account_id, identity, deposit_address, unmatched_usd) VALUES (${own.storeId}, 'avenia', 'old', 'needed', ${`0x${"5".repeat(40)}`}, 3)`;
  await expect(providerAccount("avenia", own.storeId)).rejects.toMatchObject({ failure: "busy" });
  expect(await sql`SELECT account_id FROM payout_accounts WHERE store_id = ${own.storeId}`).toEqual([{ account_id: "old" }]);
  await sql`UPDATE payout_accounts SET unmatched_usd = 0 WHERE store_id = ${own.storeId}`;
  const account = await providerAccount("avenia", own.storeId);
  expect(await sql`SELECT account_id, deposit_address FROM payout_accounts WHERE store_id = ${own.storeId}`).toEqual([{ account_id: account.accountId, deposit_address: account.depositAddress }]);
});

test("the web process asks and says, and confirms nobody", async () => {
  const own = await shop(CNPJ);
  await asked(own);
  const asWeb = (statement: string) =>
    sql.begin(async (tx) => {
      await tx.unsafe("SET LOCAL ROLE cocopay_web");
      await tx.unsafe(statement);
    });
  const set = (what: string) => asWeb(`UPDATE store_identities SET ${what} WHERE store_id = '${own.storeId}'`);
  await set("company_said_at = now()");
  await set(`asked_at = now(), asked_by = '${own.actor.userId}'`);
  for (const what of ["status = 'approved'", "sub_account_id = 'x'", "account_type = 'individual'", "attempt_url = 'https://x'", "representative_url = 'https://x'"]) await expect(set(what)).rejects.toThrow(/permission denied/);
  await expect(asWeb(`INSERT INTO store_identities (id, store_id, provider, status, sub_account_id) VALUES ('${newId()}', '${own.storeId}', 'avenia', 'approved', 'x')`)).rejects.toThrow(/permission denied/);
});
