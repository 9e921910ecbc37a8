import { beforeEach, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { db } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { markSteppedUp } from "@/lib/auth/step-up";
import { DomainError } from "@/lib/errors";
import { getPublicStore, nearestStores } from "@/lib/explore/queries";
import { openGuestPayment } from "@/lib/guests/open-guest-payment";
import { findStoreByCode } from "@/lib/payments/payable-store";
import { quotePayment } from "@/lib/payments/quote-payment";
import { deleteAccount } from "@/lib/privacy/delete-account";
import { whatIsLeft } from "@/lib/privacy/queries";
import { makePerson, makeRate, makeSession, makeStore } from "@/lib/test/factories";
import { changeSettings, type SettingsInput } from "./change-settings";
import { closeStore, reopenStore } from "./close-store";
import { rotateCode } from "./rotate-code";
import { getSettings } from "./settings";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const WEEK = [0, 1, 2, 3, 4, 5, 6].map(() => [] as { opens: string; closes: string }[]);
const BUSINESS: SettingsInput = { section: "business", timeZone: "America/Manaus", tillCurrency: "USD", legalName: "Café da Praia Ltda", cnpj: "11.222.333/0001-81", refundLimit: "30,00" };
const PROFILE: SettingsInput = { section: "profile", name: "Café Novo", description: "Pão de queijo\r\n\r\n\r\ntodo dia", category: "cafe", rewardNote: "" };
const PLACE: SettingsInput = { section: "place", address: "Rua Um, Barra", latitude: "-27,574", longitude: "-48.4229" };
const LINKS: SettingsInput = { section: "links", website: "cafenovo.com.br", instagram: "https://www.instagram.com/Cafe.Novo/?hl=pt" };

let owner: Actor;
let storeId: string;
let shortCode: string;
beforeEach(async () => {
  ({ actor: owner, storeId, shortCode } = await makeStore());
  owner = await makeSession(owner);
});
const steppedUp = () => db.transaction((tx) => markSteppedUp(tx, owner, "passkey"));
/** What the owner's form would send now. */
async function save(input: SettingsInput, actor = owner) {
  const { versions } = await getSettings(owner, storeId);
  return changeSettings(actor, storeId, versions[input.section], input);
}
const rowOf = async () => (await sql`SELECT * FROM stores WHERE id = ${storeId}`)[0]!;
async function join(role: "admin" | "staff") {
  const { actor } = await makePerson();
  await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, ${role}, now())`;
  return actor;
}

describe("changeSettings", () => {
  test("each part is kept clean, and the trail keeps what was and what is", async () => {
    for (const input of [PROFILE, PLACE, LINKS, BUSINESS]) await save(input);
    await save({ section: "hours", week: WEEK.map((day, index) => (index === 5 ? [{ opens: "18:00", closes: "02:00" }] : day)) });
    expect(await rowOf()).toMatchObject({
      name: "Café Novo", description: "Pão de queijo\n\ntodo dia", reward_note: null, address: "Rua Um, Barra", latitude: "-27.57400000", longitude: "-48.42290000",
      website: "https://cafenovo.com.br/", instagram: "cafe.novo", time_zone: "America/Manaus", till_currency: "USD", legal_name: "Café da Praia Ltda", cnpj: "11222333000181", refund_limit_usd: "30.000000",
      opening_hours: [[], [], [], [], [], [[1080, 1560]], []],
    });
    const lines = await sql<{ section: string; old: object; new: object }[]>`SELECT metadata->>'section' AS section, old_values AS old, new_values AS new FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.settings_changed' ORDER BY id`;
    expect(lines.map(({ section }) => section)).toEqual(["profile", "place", "links", "business", "hours"]);
    expect(lines[0]).toMatchObject({ old: { name: "Café da Praia", description: null }, new: { name: "Café Novo" } });
    expect(lines[0]!.new).not.toHaveProperty("category");
    expect(lines[3]).toMatchObject({ old: { timeZone: "America/Sao_Paulo", tillCurrency: "BRL", refundLimitUsdMicros: null }, new: { refundLimitUsdMicros: "30000000" } });
    expect(await sql`SELECT DISTINCT event_name, properties FROM analytics_events WHERE event_name = 'store_settings_changed' AND properties->>'storeId' = ${storeId}`).toHaveLength(5);
  });

  test("saving what is there already changes and records nothing", async () => {
    await save(PROFILE);
    expect(await save(PROFILE)).toEqual({ hasChanged: false });
    expect(await sql`SELECT 1 FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.settings_changed'`).toHaveLength(1);
  });

  test("of two tabs the later one is told, and another part is not disturbed", async () => {
    const { versions } = await getSettings(owner, storeId);
    await changeSettings(owner, storeId, versions.profile, PROFILE);
    expect(await codeOf(changeSettings(owner, storeId, versions.profile, { ...PROFILE, name: "Outro" }))).toBe("settings_moved");
    await changeSettings(owner, storeId, versions.links, LINKS);
    expect(await rowOf()).toMatchObject({ name: "Café Novo", instagram: "cafe.novo" });
  });

  test("two tabs at once: one is written, one is told", async () => {
    const { versions } = await getSettings(owner, storeId);
    const answers = await Promise.all(["Um", "Dois"].map((name) => codeOf(changeSettings(owner, storeId, versions.profile, { ...PROFILE, name: `Café ${name}` }))));
    expect(answers.toSorted()).toEqual([null, "settings_moved"].toSorted());
  });

  test("admin and staff are refused with a line, strangers find nothing", async () => {
    for (const role of ["admin", "staff"] as const) {
      const member = await join(role);
      expect(await codeOf(save(PROFILE, member))).toBe("forbidden");
      expect(await codeOf(getSettings(member, storeId))).toBe("forbidden");
    }
    expect(await codeOf(save(PROFILE, (await makePerson()).actor))).toBe("not_found");
    expect((await rowOf())["name"]).toBe("Café da Praia");
    expect((await sql`SELECT 1 FROM audit_logs WHERE resource_id = ${storeId} AND action = 'permission.refused'`).length).toBeGreaterThan(1);
  });

  test.each<[string, SettingsInput, string]>([
    ["markup in the name", { ...PROFILE, name: "<b>Loja</b>" }, "store_name_invalid"],
    ["markup in the description", { ...PROFILE, description: "<script>alert(1)</script>" }, "text_invalid"],
    ["a description without end", { ...PROFILE, description: "a".repeat(601) }, "text_invalid"],
    ["a right-to-left mark in the note", { ...PROFILE, rewardNote: "em dobro \u202E" }, "text_invalid"],
    ["no category", { ...PROFILE, category: "casino" }, "category_invalid"],
    ["markup in the address", { ...PLACE, address: "<img src=x>" }, "place_invalid"],
    ["half a place", { ...PLACE, longitude: "" }, "coordinates_invalid"],
    ["a place beyond the pole", { ...PLACE, latitude: "91" }, "coordinates_invalid"],
    ["no number", { ...PLACE, latitude: "1e1" }, "coordinates_invalid"],
    ["a script for a website", { ...LINKS, website: "javascript:alert(1)" }, "link_invalid"],
    ["a website without lock", { ...LINKS, website: "http://cafe.com" }, "link_invalid"],
    ["a website with a password", { ...LINKS, website: "https://a:b@cafe.com" }, "link_invalid"],
    ["an address of this machine", { ...LINKS, website: "https://localhost/" }, "link_invalid"],
    ["a number for a host", { ...LINKS, website: "https://10.0.0.1/" }, "link_invalid"],
    ["markup for Instagram", { ...LINKS, instagram: "<b>x</b>" }, "link_invalid"],
    ["a zone that is none", { ...BUSINESS, timeZone: "Mars/Olympus" }, "time_zone_invalid"],
    ["an offset", { ...BUSINESS, timeZone: "Etc/GMT+3" }, "time_zone_invalid"],
    ["a CNPJ with a wrong digit", { ...BUSINESS, cnpj: "11.222.333/0001-82" }, "cnpj_invalid"],
    ["a limit below nought", { ...BUSINESS, refundLimit: "-1,00" }, "amount_negative"],
    ["a limit beyond sense", { ...BUSINESS, refundLimit: "1000000,00" }, "amount_too_large"],
    ["a span without end", { section: "hours", week: WEEK.map(() => [{ opens: "09:00", closes: "" }]) }, "hours_invalid"],
  ])("%s is refused", async (_what, input, code) => {
    const before = await rowOf();
    expect(await codeOf(save(input))).toBe(code);
    expect(await rowOf()).toEqual(before);
  });

  test("an alphanumeric CNPJ is one too, and everything may be left empty again", async () => {
    await save({ ...BUSINESS, cnpj: "12.abc.345/01de-35" });
    expect((await rowOf())["cnpj"]).toBe("12ABC34501DE35");
    await save({ ...BUSINESS, cnpj: "", legalName: "", refundLimit: "" });
    await save({ ...PLACE, latitude: "", longitude: "" });
    await save({ section: "links", website: "", instagram: "" });
    expect(await rowOf()).toMatchObject({ cnpj: null, legal_name: null, refund_limit_usd: null, latitude: null, longitude: null, website: null, instagram: null });
  });
});

describe("rotateCode", () => {
  test("a new code, QR and tile; the old code says that it was replaced and by whom", async () => {
    const rotated = await rotateCode(owner, storeId, shortCode);
    expect(rotated.shortCode).not.toBe(shortCode);
    expect(await rowOf()).toMatchObject({ short_code: rotated.shortCode, qr_version: 2, qr_code_url: `http://localhost:3000/api/qr/${rotated.shortCode}` });
    expect((await findStoreByCode(rotated.shortCode)).qrVersion).toBe(2);
    await expect(findStoreByCode(shortCode)).rejects.toMatchObject({ code: "short_code_unknown", details: { retired: 1, storeId } });
    // A second tap on the same page changes nothing more.
    expect(await rotateCode(owner, storeId, shortCode)).toEqual(rotated);
    expect(await sql`SELECT 1 FROM store_codes WHERE store_id = ${storeId}`).toHaveLength(2);
    expect(await sql`SELECT old_values->>'shortCode' AS old FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.code_rotated'`).toEqual([{ old: shortCode }]);
  });

  test("two taps at once change it once; admin and staff may not; ten a day are enough", async () => {
    const [a, b] = await Promise.all([rotateCode(owner, storeId, shortCode), rotateCode(owner, storeId, shortCode)]);
    expect(a).toEqual(b);
    for (const role of ["admin", "staff"] as const) expect(await codeOf(rotateCode(await join(role), storeId, a.shortCode))).toBe("forbidden");
    let now = a.shortCode;
    for (let turn = 1; turn < 10; turn += 1) now = (await rotateCode(owner, storeId, now)).shortCode;
    expect(await codeOf(rotateCode(owner, storeId, now))).toBe("too_many_requests");
  });
});

describe("closing", () => {
  test("needs the second factor and the name; then nobody pays, by account or wallet, and Explore does not show it", async () => {
    await makeRate();
    await sql`UPDATE stores SET latitude = -27.5, longitude = -48.5 WHERE id = ${storeId}`;
    const { actor: payer } = await makePerson({ dollarsUsdMicros: 50_000_000n });
    const price = { shortCode, currency: "BRL" as const, amountText: "10,00" };
    await quotePayment(payer, price);
    expect(await codeOf(closeStore(owner, storeId, "Café da Praia"))).toBe("step_up_required");
    await steppedUp();
    expect(await codeOf(closeStore(owner, storeId, "Outra"))).toBe("close_name_wrong");
    expect((await rowOf())["closed_at"]).toBeNull();
    await closeStore(owner, storeId, "  café da  praia ");
    await closeStore(owner, storeId, "Café da Praia");
    expect(await codeOf(quotePayment(payer, price))).toBe("store_closed");
    expect(await codeOf(openGuestPayment({ ip: null, deviceId: "G".repeat(22) }, null, price))).toBe("store_closed");
    expect((await nearestStores({ latitude: -27.5, longitude: -48.5 })).map(({ id }) => id)).not.toContain(storeId);
    expect(await getPublicStore(storeId)).toMatchObject({ isClosed: true, isPayable: false });
    expect(await sql`SELECT 1 FROM audit_logs WHERE resource_id = ${storeId} AND action = 'store.closed'`).toHaveLength(1);
    await reopenStore(owner, storeId);
    await quotePayment(payer, price);
  });

  test("admin and staff may neither close nor reopen; after 30 days nobody reopens", async () => {
    await steppedUp();
    await closeStore(owner, storeId, "Café da Praia");
    for (const role of ["admin", "staff"] as const) {
      const member = await join(role);
      expect(await codeOf(closeStore(member, storeId, "Café da Praia"))).toBe("forbidden");
      expect(await codeOf(reopenStore(member, storeId))).toBe("forbidden");
    }
    expect(await codeOf(reopenStore(owner, storeId, new Date(Date.now() + 31 * 86_400_000)))).toBe("reopen_over");
    await reopenStore(owner, storeId, new Date(Date.now() + 29 * 86_400_000));
    expect((await rowOf())["closed_at"]).toBeNull();
  });

  test("who deletes the account is led there first: an open store, then a closed one with money, then nothing stands in the way", async () => {
    await steppedUp();
    expect((await whatIsLeft(owner)).ownedStores).toEqual([{ id: storeId, name: "Café da Praia", isClosed: false }]);
    expect(await codeOf(deleteAccount(owner, { givesUpBalance: true }))).toBe("stores_owned");
    await closeStore(owner, storeId, "Café da Praia");
    await sql`INSERT INTO store_token_balances (id, store_id, chain_id, token_address, balance) VALUES (gen_random_uuid(), ${storeId}, '84532', ${`0x${"0".repeat(40)}`}, 5000000)`;
    expect((await whatIsLeft(owner)).ownedStores).toEqual([{ id: storeId, name: "Café da Praia", isClosed: true }]);
    await sql`UPDATE store_token_balances SET balance = 9000 WHERE store_id = ${storeId}`;
    expect((await whatIsLeft(owner)).ownedStores).toEqual([]);
    await deleteAccount(owner, { givesUpBalance: true });
  });

  test("the team is told of another code, the closing and the reopening, once each; who did it and who is no member are not", async () => {
    await sql`UPDATE users SET name = 'Helena Prado' WHERE id = ${owner.userId}`;
    owner = { ...owner, name: "Helena Prado" };
    await steppedUp();
    const [admin, staff, guest, gone] = [await join("admin"), await join("staff"), await join("staff"), (await makePerson()).actor];
    await sql`UPDATE users SET locale = 'en' WHERE id = ${staff.userId}`;
    await sql`UPDATE store_members SET accepted_at = NULL WHERE store_id = ${storeId} AND user_id = ${guest.userId}`;
    await Promise.all([rotateCode(owner, storeId, shortCode), rotateCode(owner, storeId, shortCode)]);
    expect(await codeOf(closeStore(owner, storeId, "Outra"))).toBe("close_name_wrong");
    for (let tap = 0; tap < 2; tap += 1) await closeStore(owner, storeId, "Café da Praia");
    for (let tap = 0; tap < 2; tap += 1) await reopenStore(owner, storeId);
    const data = { store: "Café da Praia", name: "Helena" };
    for (const { userId } of [admin, staff]) {
      expect(await sql`SELECT kind, data FROM notices WHERE user_id = ${userId} ORDER BY id`).toEqual(["store_code_changed", "store_closed", "store_reopened"].map((kind) => ({ kind, data })));
    }
    const messagesTo = async ({ phone }: Actor) => (await sql<{ body: string }[]>`SELECT body FROM outgoing_messages WHERE to_phone = ${phone} ORDER BY id`).map(({ body }) => body);
    expect(await messagesTo(admin)).toEqual([expect.stringContaining("codigo de uma loja"), expect.stringContaining("foi fechada"), expect.stringContaining("foi reaberta")]);
    expect(await messagesTo(staff)).toEqual([expect.stringContaining("the code of a store"), expect.stringContaining("was closed"), expect.stringContaining("was reopened")]);
    for (const person of [owner, guest, gone]) {
      expect(await sql`SELECT 1 FROM notices WHERE user_id = ${person.userId}`).toEqual([]);
      expect(await messagesTo(person)).toEqual([]);
    }
  });

  test("a store with another owner stands in nobody's way", async () => {
    const { actor } = await makePerson();
    await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${actor.userId}, 'owner', now())`;
    expect((await whatIsLeft(owner)).ownedStores).toEqual([]);
  });
});
