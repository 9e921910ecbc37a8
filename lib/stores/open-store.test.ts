import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db, sql } from "@/db/client";
import { auditLogs, storeCodes, storeDeployments, storeMembers, stores } from "@/db/schema";
import { makePerson, makeStore } from "@/lib/test/factories";
import { checkSymbol } from "./free-symbol";
import { openStore, storeIdOf, type StoreInput } from "./open-store";
import { retryDeployment } from "./retry-deployment";

const randomSymbol = () => [...randomUUID().replaceAll("-", "")].slice(0, 10).map((digit) => String.fromCharCode(65 + Number.parseInt(digit, 16))).join("");
const input = (changes: Partial<StoreInput> = {}): StoreInput => ({ formKey: randomUUID(), name: "Café da Praia", symbol: randomSymbol(), category: "cafe", place: "Barra da Lagoa, Florianópolis", rewardRateBps: "500", ...changes });
const person = async () => (await makePerson()).actor;

async function traceOf(storeId: string) {
  const [row] = await sql<Record<string, number>[]>`
    SELECT (SELECT count(*)::int FROM stores WHERE id = ${storeId}) AS stores, (SELECT count(*)::int FROM store_codes WHERE store_id = ${storeId}) AS codes,
           (SELECT count(*)::int FROM store_members WHERE store_id = ${storeId}) AS members, (SELECT count(*)::int FROM store_deployments WHERE store_id = ${storeId}) AS deployments,
           (SELECT count(*)::int FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.opened') AS audits,
           (SELECT count(*)::int FROM analytics_events WHERE event_name = 'store_opened' AND properties->>'storeId' = ${storeId}) AS events,
           (SELECT count(*)::int FROM graphile_worker.jobs WHERE task_identifier = 'stores.deploy' AND key = ${`stores.deploy:${storeId}`}) AS jobs`;
  return row;
}
const WHOLE = { stores: 1, codes: 1, members: 1, deployments: 2, audits: 1, events: 1, jobs: 1 };

describe("openStore", () => {
  test("writes the store, its code, owner, deployments, trail and job together", async () => {
    const actor = await person();
    const { storeId, shortCode } = await openStore(actor, input({ name: "  Café  da Praia ", latitude: -27.5751, longitude: -48.4217, timeZone: "America/Manaus" }));
    expect(await traceOf(storeId)).toEqual(WHOLE);
    const [store] = await db.select().from(stores).where(eq(stores.id, storeId));
    expect(store).toMatchObject({ name: "Café da Praia", category: "cafe", deploymentStatus: "pending", rewardRateBps: 500, timeZone: "America/Manaus", qrVersion: 1, shortCode, qrCodeUrl: `http://localhost:3000/api/qr/${shortCode}` });
    expect(Number(store!.latitude)).toBeCloseTo(-27.5751, 4);
    expect(shortCode).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
    const [member] = await db.select().from(storeMembers).where(eq(storeMembers.storeId, storeId));
    expect(member).toMatchObject({ userId: actor.userId, role: "owner" });
    expect(member!.acceptedAt).not.toBeNull();
    const deployments = await db.select().from(storeDeployments).where(eq(storeDeployments.storeId, storeId));
    expect(deployments.map(({ chainId, status }) => [chainId, status]).toSorted()).toEqual([["11155420", "pending"], ["84532", "pending"]]);
    expect(await db.select().from(storeCodes).where(eq(storeCodes.storeId, storeId))).toMatchObject([{ shortCode, retiredAt: null }]);
  });

  test("a double tap, however often, opens one store and gives one answer", async () => {
    const actor = await person();
    const same = input();
    const answers = await Promise.all(Array.from({ length: 8 }, () => openStore(actor, same)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.storeId).toBe(storeIdOf(actor.userId, same.formKey));
    expect(await traceOf(answers[0]!.storeId)).toEqual(WHOLE);
  });

  test("the same form with other contents is refused; the same key of another person is another store", async () => {
    const [first, second] = [await person(), await person()];
    const same = input();
    const { storeId } = await openStore(first, same);
    await expect(openStore(first, { ...same, name: "Outro nome" })).rejects.toMatchObject({ code: "store_already_opened" });
    const other = await openStore(second, { ...same, symbol: randomSymbol() });
    expect(other.storeId).not.toBe(storeId);
  });

  test("when many race for a symbol one has it, and the others hear what is free", async () => {
    const symbol = randomSymbol();
    const people = await Promise.all(Array.from({ length: 6 }, person));
    const results = await Promise.allSettled(people.map((actor, index) => openStore(actor, input({ symbol: index % 2 ? symbol : symbol.toLowerCase(), name: "Padaria Sol Nascente" }))));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "symbol_taken", details: { suggestion: expect.stringMatching(/^[A-Z]{3,10}$/) } });
  });

  test.each([
    ["store_name_invalid", { name: "<b>Café</b>" }],
    ["store_name_invalid", { name: "Café \u202Eaiarp" }],
    ["symbol_invalid", { symbol: "C4FE" }],
    ["symbol_taken", { symbol: "usdc" }],
    ["category_invalid", { category: "casino" }],
    ["place_invalid", { place: "" }],
    ["reward_rate_invalid", { rewardRateBps: "2050" }],
  ] as const)("%s leaves nothing behind", async (code, changes) => {
    const actor = await person();
    const wrong = input(changes);
    await expect(openStore(actor, wrong)).rejects.toMatchObject({ code });
    expect(await traceOf(storeIdOf(actor.userId, wrong.formKey))).toEqual({ stores: 0, codes: 0, members: 0, deployments: 0, audits: 0, events: 0, jobs: 0 });
  });

  test("a person opens ten stores a day and no more", async () => {
    const actor = await person();
    for (let count = 0; count < 10; count += 1) await openStore(actor, input());
    await expect(openStore(actor, input())).rejects.toMatchObject({ code: "too_many_requests" });
  });
});

describe("checkSymbol", () => {
  test("says free, taken with suggestions, or invalid", async () => {
    const symbol = randomSymbol();
    expect(await checkSymbol(symbol.toLowerCase(), "Café")).toEqual({ isFree: true, problem: null, suggestions: [] });
    await openStore(await person(), input({ symbol }));
    const taken = await checkSymbol(symbol, "Barraca do Zé");
    expect(taken).toMatchObject({ isFree: false, problem: "symbol_taken" });
    expect(taken.suggestions).toEqual(["BARRACA", "BARRACAZE", "ZEBARRACA"]);
    expect(await checkSymbol("X1", "Café")).toMatchObject({ isFree: false, problem: "symbol_invalid" });
  });
});

describe("retryDeployment", () => {
  const fail = (storeId: string) => db.update(storeDeployments).set({ status: "failed", errorMessage: "reverted" }).where(eq(storeDeployments.storeId, storeId));

  test("an owner puts a failed one back in line, once", async () => {
    const { actor, storeId } = await makeStore();
    await expect(retryDeployment(actor, storeId, "84532")).rejects.toMatchObject({ code: "deployment_not_failed" });
    await fail(storeId);
    const results = await Promise.allSettled([retryDeployment(actor, storeId, "84532"), retryDeployment(actor, storeId, "84532")]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [row] = await db.select().from(storeDeployments).where(eq(storeDeployments.storeId, storeId));
    expect(row).toMatchObject({ status: "pending", errorMessage: null });
    expect((await db.select().from(auditLogs).where(eq(auditLogs.resourceId, storeId))).map(({ action }) => action)).toContain("store.deployment_retried");
  });

  test.each([["admin", "forbidden"], ["staff", "forbidden"]] as const)("%s: %s", async (role, code) => {
    const { actor, storeId } = await makeStore({ role });
    await fail(storeId);
    await expect(retryDeployment(actor, storeId, "84532")).rejects.toMatchObject({ code });
  });

  test("a stranger finds nothing", async () => {
    const { storeId } = await makeStore();
    await fail(storeId);
    await expect(retryDeployment(await person(), storeId, "84532")).rejects.toMatchObject({ code: "not_found" });
  });
});
