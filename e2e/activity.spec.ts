import { readFileSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import { expectAccessible } from "./accessible";
import { expect, pay, test } from "./fixtures";

const SECOND_PAGE = 12;

/** Older rows than any of today, of every kind, so that a list has a second page. */
async function addHistory(db: Sql, userId: string, storeId: string) {
  await db`
    INSERT INTO transactions (id, to_user_id, store_id, type, purpose, status, amount_usd, chain_id, amount_brl_centavos, brl_per_usd, rate_at, note, created_at, confirmed_at)
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid, ${userId}, CASE WHEN kind = 'refund' THEN ${storeId}::uuid END,
           CASE kind WHEN 'advance' THEN 'bonus_claim' WHEN 'dollars' THEN 'consolidation' ELSE 'received' END::transaction_type, kind, 'confirmed', n, '84532', n * 550, 5.5, at, CASE WHEN kind = 'send' THEN 'trilha de sábado' END, at, at
    FROM (SELECT n, now() - n * interval '7 hours' AS at, (ARRAY['top_up', 'incoming', 'refund', 'advance', 'dollars', 'send'])[1 + n % 6] AS kind FROM generate_series(1, ${30 + SECOND_PAGE}) AS n) AS made`;
}

const rows = (page: Page) => page.locator("main section ul > li");
const shot = async (page: Page, name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
};

test("everything is in one list; filters stand in the address and stay while paging", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  await signInAs(context, await newPerson());
  await page.goto("/activity");
  await expect(page.getByRole("heading", { name: "Seu primeiro azulejo está esperando" })).toBeVisible();

  // The dollars of a new person came from outside and are a row too.
  const person = await newPerson({ dollars: 40 });
  await signInAs(context, person);
  const code = await pay(page, sampleStore.shortCode, "11,00");
  await addHistory(db, person.userId, sampleStore.storeId);
  await page.goto("/activity");
  await expect(rows(page)).toHaveCount(30);
  await expect(page.getByRole("link", { name: /Adicionado por Pix/ }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: new RegExp(`Estorno, ${sampleStore.name}`) }).first()).toBeVisible();
  await shot(page, "activity");
  await expectAccessible(page, "activity with everything");
  await page.getByRole("button", { name: "Ver mais antigos" }).click();
  await expect(rows(page)).toHaveCount(32 + SECOND_PAGE);

  const kinds = page.getByRole("navigation", { name: "Tipo de movimento" });
  await kinds.getByRole("link", { name: "Adicionado" }).click();
  await expect(page).toHaveURL(/\?type=added$/);
  await expect(kinds.getByRole("link", { name: "Adicionado" })).toHaveAttribute("aria-current", "true");
  await expect(rows(page)).toHaveCount(15);

  // By keyboard alone: open, choose a day, show.
  await kinds.getByRole("link", { name: "Tudo" }).click();
  await expect(page).toHaveURL(/\/activity$/);
  await page.locator("summary", { hasText: "Buscar e filtrar" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Código de confirmação").fill(`${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/[?&]q=/);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText(sampleStore.name);

  await page.getByLabel("Código de confirmação").fill("ZZZZZZ");
  await page.getByRole("button", { name: "Mostrar" }).click();
  await expect(page.getByRole("heading", { name: "Nada encontrado" })).toBeVisible();
  await shot(page, "activity-none");
  await expectAccessible(page, "activity, nothing matches");
  await page.getByRole("link", { name: "Limpar filtros" }).last().click();
  await expect(rows(page)).toHaveCount(30);
});

test("a filter and a key work without scripts", async ({ browser, baseURL, viewport, newPerson, sampleStore, signInAs, db }) => {
  const person = await newPerson();
  await addHistory(db, person.userId, sampleStore.storeId);
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, javaScriptEnabled: false });
  await signInAs(context, person);
  const page = await context.newPage();
  await page.goto("/activity?until=2099-12-31");
  await expect(rows(page)).toHaveCount(30);
  await page.getByRole("button", { name: "Ver mais antigos" }).click();
  await expect(page).toHaveURL(/until=2099-12-31&before=/);
  await expect(rows(page)).toHaveCount(SECOND_PAGE);
  await context.close();
});

test("the file holds what the list shows", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  await addHistory(db, person.userId, sampleStore.storeId);
  await page.goto("/activity?type=refunds");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV do Brasil (; e vírgula)" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^cocopay-atividade-\d{4}-\d\d-\d\d\.csv$/);
  const text = readFileSync(await download.path(), "utf8");
  const lines = text.trim().split("\r\n");
  expect(text.startsWith("\ufeffdata;")).toBe(true);
  expect(lines).toHaveLength(8);
  expect(lines[1]).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d;.*;Estorno;entrada;/);
  await context.clearCookies();
  expect((await page.request.get("/activity/export?format=pt-BR")).status()).toBe(401);
});

test("a payer hands a receipt to somebody who checks it without an account, and takes it back", async ({ page, context, browser, baseURL, viewport, newPerson, sampleStore, signInAs, db }) => {
  const person = await newPerson({ dollars: 40, name: "Zuleica Segredo" });
  await signInAs(context, person);
  const code = await pay(page, sampleStore.shortCode, "11,00");
  await page.getByRole("link", { name: "Comprovante" }).click();
  await expect(page.getByTestId("receipt-code")).toHaveText(code);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "PDF" }).click()]);
  expect(file.suggestedFilename()).toMatch(new RegExp(`^comprovante-${code}-\\d{4}-\\d\\d-\\d\\d\\.pdf$`));
  const bytes = readFileSync(await file.path());
  expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/receipt.pdf`, bytes);
  await page.getByRole("button", { name: "Enviar" }).click();
  const link = page.getByLabel("Link do comprovante");
  await expect(link).toHaveValue(/\/r\/[\w-]{22}$/);
  const url = await link.inputValue();
  await shot(page, "receipt");
  await expectAccessible(page, "receipt with a link");

  const other = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  const seen = await other.newPage();
  const answer = await seen.goto(new URL(url).pathname);
  expect(answer?.status()).toBe(200);
  await expect(seen.getByTestId("receipt-state")).toHaveText("Pago. O registro público confirma este pagamento.");
  await expect(seen.getByTestId("receipt-code")).toHaveText(code);
  await expect(seen.getByText("11,00").first()).toBeVisible();
  const html = await seen.content();
  for (const word of ["Segredo", "Zuleica", person.phone, person.userId, "0x"]) expect([word, html.includes(word)]).toEqual([word, false]);
  await expect(seen.locator('meta[name="robots"]')).toHaveAttribute("content", /noindex/);
  await expect(seen.locator('meta[name="referrer"]')).toHaveAttribute("content", "no-referrer");
  await shot(seen, "shared");
  await expectAccessible(seen, "shared receipt");

  // The chain takes it back, and gives it again.
  await db`UPDATE transactions SET status = 'pending' WHERE from_user_id = ${person.userId}`;
  await seen.getByRole("link", { name: "Conferir de novo" }).click();
  await expect(seen.getByTestId("receipt-state")).toContainText("não está confirmado agora");
  await expect(seen.getByTestId("receipt-code")).toHaveCount(0);
  await db`UPDATE transactions SET status = 'confirmed' WHERE from_user_id = ${person.userId}`;

  const wrong = new URL(url).pathname.replace(/.$/, (last) => (last === "A" ? "Q" : "A"));
  expect((await seen.goto(wrong))?.status()).toBe(404);
  const notFound = await seen.locator("main").innerText();
  await page.reload();
  await page.getByRole("button", { name: /^Encerrar o link/ }).click();
  await expect(page.getByRole("heading", { name: "Links deste comprovante" })).toHaveCount(0);
  expect((await seen.goto(new URL(url).pathname))?.status()).toBe(404);
  expect(await seen.locator("main").innerText()).toBe(notFound);
  await other.close();
});
