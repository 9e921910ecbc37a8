import AxeBuilder from "@axe-core/playwright";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import { expect, pay, paymentsOf, signInByPhone, test } from "./fixtures";

async function expectAccessible(page: Page, what: string) {
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}

/** What a passkey's signature leaves in the session: other journeys walk the signing itself. */
const confirm = (db: Sql, sessionId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE id = ${sessionId}`;

test("the sign-in says what it agrees to, and both texts can be read by anybody", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/login");
  for (const [name, path] of [["termos de uso", "/terms"], ["política de privacidade", "/privacy"]] as const) {
    await expect(page.getByRole("link", { name })).toHaveAttribute("href", path);
    await page.goto(path);
    await expect(page.getByText("Versão 2026-11")).toBeVisible();
    await expectAccessible(page, path);
    await page.goto("/login");
  }
});

test("a person downloads everything, in both formats, after confirming", async ({ page, context, db, newPerson, sampleStore, signInAs }) => {
  test.setTimeout(180_000);
  const person = await newPerson({ name: "Marina Souza", dollars: 20 });
  const session = await signInAs(context, person);
  const code = await pay(page, sampleStore.shortCode, "3,00");
  await page.goto("/security/data");
  await expectAccessible(page, "my data");
  await page.getByRole("button", { name: "Preparar arquivos" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Baixar JSON" })).toHaveCount(0);

  await confirm(db, session);
  await page.getByRole("button", { name: "Preparar arquivos" }).click();
  await expect(page.getByRole("link", { name: "Baixar JSON" })).toBeVisible();
  await expectAccessible(page, "export ready");
  const download = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    expect(file.suggestedFilename()).toMatch(/^cocopay-\d{4}-\d\d-\d\d\.(json|csv)$/);
    return readFile(await file.path(), "utf8");
  };
  const json = JSON.parse(await download("Baixar JSON")) as Record<string, Record<string, unknown>[]>;
  expect(json["profile"]).toMatchObject([{ phone: person.phone, name: "Marina Souza" }]);
  expect(json["payments"]).toMatchObject([
    { purpose: "incoming", direction: "in", amount_usd: "20.000000" },
    { confirmation_code: code, direction: "out", store: sampleStore.name, amount_brl_centavos: "300" },
  ]);
  const csv = await download("Baixar planilha (CSV)");
  expect(csv).toContain(code);
  expect(csv).toContain(`'${person.phone}`);

  const href = await page.getByRole("link", { name: "Baixar JSON" }).getAttribute("href");
  expect((await page.request.get("/api/me/export?format=json")).status()).toBe(403);
  expect((await page.request.get(`${href}x`)).status()).toBe(403);
  await context.clearCookies();
  expect((await page.request.get(href ?? "")).status()).toBe(401);
  await signInAs(context, await newPerson());
  expect((await page.request.get(href ?? "")).status()).toBe(403);
});

test("a name can be hidden from stores, and news asked for and stopped", async ({ page, context, db, newPerson, signInAs }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await page.goto("/security/data");
  for (const [label, read] of [
    ["Esconder meu nome das lojas", async () => (await db`SELECT hide_name AS is_on FROM users WHERE id = ${person.userId}`)[0]?.["is_on"] ?? false],
    ["Receber novidades da CocoPay", async () => (await db`SELECT is_given AS is_on FROM consents WHERE user_id = ${person.userId} AND purpose = 'product_messages' ORDER BY id DESC LIMIT 1`)[0]?.["is_on"] ?? false],
  ] as const) {
    for (const wanted of [true, false]) {
      await page.getByRole("switch", { name: label }).click();
      await expect.poll(read).toBe(wanted);
    }
  }
  await expect(page.getByText(/Versão 2026-11, retirada em/)).toBeVisible();
});

test("an owner is told what stands in the way", async ({ page, context, samplePerson, signInAs }) => {
  await signInAs(context, await samplePerson("owner"));
  await page.goto("/security/data/delete");
  await expect(page.getByText(/^Estas lojas são suas\./)).toBeVisible();
  await expect(page.getByRole("region", { name: "Feira da Lagoa" }).getByRole("link", { name: "Fechar a loja" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Apagar conta" })).toHaveCount(0);
  await expectAccessible(page, "delete, refused");
});

test("a person deletes the account; the merchant sees a removed customer; the phone starts anew", async ({ page, context, browser, baseURL, viewport, db, newPerson, samplePerson, sampleStore, signInAs }) => {
  test.setTimeout(180_000);
  // A name of this run alone: the store keeps the payments of all.
  const name = `Zu${randomUUID().replace(/[^a-f]/g, "")}`;
  const person = await newPerson({ name: `${name} Prado`, dollars: 20 });
  const session = await signInAs(context, person);
  const code = await pay(page, sampleStore.shortCode, "4,00");
  await page.goto("/security/data");
  await page.getByRole("link", { name: /Apagar minha conta/ }).click();
  await expect(page.getByText(/Ainda há R\$/)).toBeVisible();
  await expectAccessible(page, "delete");
  await confirm(db, session);

  // The server asks for the tick too, whatever the page sent.
  await page.getByRole("checkbox", { name: "Quero apagar minha conta" }).check();
  await page.getByRole("checkbox", { name: /Abro mão deste saldo/ }).evaluate((box) => box.removeAttribute("required"));
  await page.getByRole("button", { name: "Apagar conta" }).click();
  await expect(page.getByText("Ainda há saldo na conta.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Quero apagar minha conta" }).check();
  await page.getByRole("checkbox", { name: /Abro mão deste saldo/ }).check();
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "session");
  await page.getByRole("button", { name: "Apagar conta" }).click();
  await expect(page.getByRole("heading", { name: "Conta apagada" })).toBeVisible();
  await expectAccessible(page, "deleted");
  expect((await context.cookies()).filter(({ name }) => name === "session")).toEqual([]);

  // A copy of the cookie is worth nothing, and the key is gone.
  await context.addCookies([{ name: "session", value: cookie?.value ?? "", url: baseURL ?? "" }]);
  await page.goto("/security/data");
  await expect(page).toHaveURL(/\/login/);
  await expect.poll(async () => (await db`SELECT encrypted_private_key AS sealed FROM signing_keys WHERE user_id = ${person.userId}`)[0]?.["sealed"]).toBe("destroyed");

  const merchants = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(merchants, await samplePerson("owner"));
  const merchant = await merchants.newPage();
  await merchant.goto(`/stores/${sampleStore.storeId}/payments`);
  // The word is for the whole store, so that a phone's rows, which show no code, are found too.
  await expect(merchant.getByText("Cliente removido").first()).toBeVisible();
  await expect(merchant.getByText(name)).toHaveCount(0);
  await merchant.goto(`/stores/${sampleStore.storeId}/till`);
  await expect(merchant.getByText("Cliente removido").first()).toBeVisible();
  await merchants.close();

  await context.clearCookies();
  await signInByPhone(page, person.phone, "Outra Pessoa");
  const [anew] = await db<{ id: string }[]>`SELECT id FROM users WHERE phone = ${person.phone}`;
  expect(anew?.id).not.toBe(person.userId);
  expect(await paymentsOf(db, anew?.id ?? "")).toEqual([]);
  expect(await paymentsOf(db, person.userId)).toMatchObject([{ status: "confirmed", code }]);
  await page.goto("/activity");
  await expect(page.getByText(sampleStore.name)).toHaveCount(0);
  await page.goto("/security/data");
  await expect(page.getByText(/Versão 2026-11, aceita em/)).toHaveCount(2);
});
