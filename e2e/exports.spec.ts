import { readFileSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { parse } from "csv-parse/sync";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { makeStoreDays } from "./store-days";

const shot = async (page: Page, name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
};
async function download(page: Page, link: string) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
  const bytes = readFileSync(await file.path());
  if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/${file.suggestedFilename()}`, bytes);
  return { name: file.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

test("an owner takes every file away, and their sums are the screens'", async ({ page, context, newPerson, signInAs, db }) => {
  const [owner, seller] = [await newPerson({ name: "Helena Prado" }), await newPerson()];
  const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: seller.userId });
  await signInAs(context, owner);
  await page.goto(`/stores/${store.storeId}/exports?period=range&from=${store.today}&to=${store.today}`);
  await shot(page, "exports");
  await expectAccessible(page, "exports");

  const brazil = await download(page, "Pagamentos: Planilha (Brasil)");
  expect(brazil.name).toBe(`cocopay-pagamentos-${store.today}-${store.today}.csv`);
  expect(brazil.text.startsWith("\ufeffdata;data_utc;id;")).toBe(true);
  const rows: Record<string, string>[] = parse(brazil.text, { bom: true, columns: true, delimiter: ";" });
  expect(rows.map((row) => [row["tipo"], row["valor_brl"], row["vendedor"], row["caixa"]]).toSorted()).toEqual([["Devolução", "-11,00", "Lucas", "Balcão"], ["Venda", "21,50", "", ""], ["Venda", "38,50", "Lucas", "Balcão"]]);
  expect(rows.find((row) => row["tipo"] === "Devolução")?.["observacao"]).toBe("'=1+1 <b>errado</b>");
  const international = await download(page, "Pagamentos: CSV internacional");
  const abroad: Record<string, string>[] = parse(international.text, { columns: true });
  expect(abroad.map((row) => row["amount_brl"]).toSorted()).toEqual(["-11.00", "21.50", "38.50"]);

  const payouts = await download(page, "Repasses: Planilha (Brasil)");
  expect(payouts.text.startsWith("\ufeffdata;data_utc;id;tipo;destino;")).toBe(true);
  const ofx = await download(page, "OFX: OFX 1.02");
  expect(ofx.text).toContain("<BALAMT>49.00");
  const pdf = await download(page, "Extrato em PDF: PDF");
  expect(pdf.bytes.subarray(0, 5).toString()).toBe("%PDF-");

  const [trail] = await db<{ count: number }[]>`SELECT count(*)::int AS count FROM audit_logs WHERE action = 'store.exported' AND resource_id = ${store.storeId}`;
  expect(trail?.count).toBe(5);

  await page.getByLabel("De", { exact: true }).fill("2026-01-01");
  await page.getByLabel("Até", { exact: true }).fill("2026-02-15");
  await page.getByRole("button", { name: "Ver", exact: true }).click();
  await expect(page.getByText("Escolha um período de até um mês para o extrato.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Extrato em PDF: PDF" })).toHaveCount(0);
});

test("the day closes by till and person, on the screen and as files", async ({ page, context, newPerson, signInAs, db }) => {
  const [owner, seller] = [await newPerson(), await newPerson()];
  const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: seller.userId });
  await signInAs(context, owner);
  await page.goto(`/stores/${store.storeId}`);
  if (!(await page.getByRole("navigation", { name: "Loja", exact: true }).isVisible())) await page.locator("summary", { hasText: store.name }).click();
  await page.getByRole("link", { name: "Fechamento do dia" }).first().click();
  const table = page.getByRole("table", { name: "Por caixa e pessoa" });
  await expect(table.getByRole("row").filter({ hasText: "Lucas" })).toContainText("R$ 27,50");
  await expect(table.getByRole("row").filter({ hasText: "Pelo QR do balcão" })).toContainText("R$ 21,50");
  await expect(page.getByRole("region", { name: "Total do dia" })).toContainText("R$ 49,00");
  await shot(page, "close-day");
  await expectAccessible(page, "close of the day");
  const csv = await download(page, "Baixar planilha");
  const lines: Record<string, string>[] = parse(csv.text, { bom: true, columns: true, delimiter: ";" });
  expect(lines.at(-1)).toMatchObject({ caixa: "Total", pagamentos: "2", vendas_brl: "60,00", devolucoes_brl: "-11,00", liquido_brl: "49,00", gorjetas_brl: "3,50" });
  const pdf = await download(page, "Baixar PDF");
  expect(pdf.bytes.subarray(0, 5).toString()).toBe("%PDF-");
  await page.getByRole("link", { name: "Período anterior" }).click();
  await expect(page.getByRole("heading", { name: "Nenhuma venda neste dia" })).toBeVisible();
});

test("staff see what they sold today, no other day and no file", async ({ page, context, newPerson, signInAs, db }) => {
  const [owner, seller] = [await newPerson(), await newPerson()];
  const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: seller.userId });
  await signInAs(context, seller);
  expect((await page.goto(`/stores/${store.storeId}/close-day`))?.status()).toBe(200);
  await expect(page.getByText(/só o que você vendeu/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Total do dia" })).toContainText("R$ 38,50");
  await expect(page.getByText("R$ 60,00")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Baixar planilha" })).toHaveCount(0);
  await expectAccessible(page, "close of the day, staff");
  expect((await page.goto(`/stores/${store.storeId}/close-day?on=2026-01-01`))?.status()).toBe(403);
  expect((await page.goto(`/stores/${store.storeId}/exports`))?.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "Os arquivos são só para donos e admins" })).toBeVisible();
  for (const file of ["payments", "payouts", "ofx", "statement", "close-day"]) expect([file, (await page.request.get(`/stores/${store.storeId}/exports/${file}`)).status()]).toEqual([file, 403]);
});

test("an admin has all files but the payouts; another store's id brings none", async ({ page, context, newPerson, signInAs, db }) => {
  const [owner, seller, admin, stranger] = [await newPerson(), await newPerson(), await newPerson(), await newPerson()];
  const store = await makeStoreDays(db, { ownerId: owner.userId, sellerId: seller.userId });
  await db`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${store.storeId}, ${admin.userId}, 'admin', now())`;
  await signInAs(context, admin);
  await page.goto(`/stores/${store.storeId}/exports`);
  await expect(page.getByRole("heading", { name: "Pagamentos" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Repasses" })).toHaveCount(0);
  expect((await page.request.get(`/stores/${store.storeId}/exports/payouts`)).status()).toBe(403);
  expect((await page.request.get(`/stores/${store.storeId}/exports/payments`)).status()).toBe(200);
  expect((await page.request.get(`/stores/${store.storeId}/exports/payments?period=range&from=2020-01-01&to=2026-01-01`)).status()).toBe(400);
  await signInAs(context, stranger);
  for (const file of ["payments", "payouts", "ofx", "statement", "close-day"]) expect([file, (await page.request.get(`/stores/${store.storeId}/exports/${file}`)).status()]).toEqual([file, 404]);
  await context.clearCookies();
  expect((await page.request.get(`/stores/${store.storeId}/exports/payments`)).status()).toBe(401);
});
