import type { Page } from "@playwright/test";
import { expect, pay, test } from "./fixtures";

/** The green view of one payment; an earlier one that still stands is dismissed first. */
async function expectGreen(till: Page, code: string) {
  await expect(till.getByTestId("till-paid").filter({ hasText: code })).toBeVisible();
}

test("two tills of two members both turn green", async ({ browser, baseURL, viewport, newPerson, samplePerson, sampleStore, signInAs }) => {
  const payer = await newPerson({ dollars: 30 });
  const tills: Page[] = [];
  for (const role of ["owner", "staff"] as const) {
    const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
    await signInAs(context, await samplePerson(role));
    const till = await context.newPage();
    await till.goto(`/stores/${sampleStore.storeId}/till`);
    await expect(till.getByText("Vendas de hoje").first()).toBeVisible();
    tills.push(till);
  }
  const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payerContext, payer);
  const code = await pay(await payerContext.newPage(), sampleStore.shortCode, "6,00");
  for (const till of tills) await expectGreen(till, code);
  await Promise.all([...tills.map((till) => till.context().close()), payerContext.close()]);
});

test("a till that was offline catches up with what was paid meanwhile", async ({ browser, baseURL, newPerson, samplePerson, sampleStore, signInAs, viewport }) => {
  const payer = await newPerson({ dollars: 30 });
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(context, await samplePerson("owner"));
  const till = await context.newPage();
  let isCut = false;
  await till.route("**/api/live/**", (route) => (isCut ? route.abort("internetdisconnected") : route.continue()));
  const connected = till.waitForResponse("**/api/live/stores/**");
  await till.goto(`/stores/${sampleStore.storeId}/till`);
  await connected;
  // A connection that stands survives the browser's offline switch, so the page is told to open a new one, which fails.
  isCut = true;
  await till.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(till.getByText("Sem conexão agora").first()).toBeVisible();
  const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payerContext, payer);
  const code = await pay(await payerContext.newPage(), sampleStore.shortCode, "4,00");
  await expect(till.getByTestId("till-paid")).toHaveCount(0);
  isCut = false;
  await expect(till.getByText(code).first()).toBeVisible({ timeout: 30_000 });
  await expect(till.getByText("Sem conexão agora")).toHaveCount(0);
  await Promise.all([context.close(), payerContext.close()]);
});

test("check a code: paid, checked before, unknown, malformed", async ({ page, context, browser, baseURL, viewport, newPerson, samplePerson, sampleStore, signInAs }) => {
  const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  await signInAs(payerContext, await newPerson({ dollars: 30 }));
  const code = await pay(await payerContext.newPage(), sampleStore.shortCode, "3,00");
  await payerContext.close();

  await signInAs(context, await samplePerson("staff"));
  await page.goto(`/stores/${sampleStore.storeId}/till`);
  const check = async (typed: string) => {
    const open = page.getByRole("button", { name: /^Conferir( código)?$/ }).first();
    const field = page.getByLabel("Código do cliente");
    if (!(await field.isVisible())) await open.click();
    await field.fill(typed);
    await field.press("Enter");
  };
  await check(code);
  await expect(page.getByText("3,00").first()).toBeVisible();
  await expect(page.getByText(/^Pago/).first()).toBeVisible();
  await page.getByRole("button", { name: "Conferir outro" }).click();
  await check(code.toLowerCase());
  await expect(page.getByText("Já conferido").first()).toBeVisible();
  await page.getByRole("button", { name: "Conferir outro" }).click();
  await check("ZZZZZZ");
  await expect(page.getByText("Não encontrado").first()).toBeVisible();
});

test("a till whose session is ended elsewhere closes by itself", async ({ page, context, samplePerson, sampleStore, signInAs, db }) => {
  const sessionId = await signInAs(context, await samplePerson("staff"));
  await page.goto(`/stores/${sampleStore.storeId}/till`);
  await expect(page.getByText("Vendas de hoje").first()).toBeVisible();
  await db`UPDATE sessions SET revoked_at = now() WHERE id = ${sessionId}`;
  await expect(page.getByText("Sua sessão terminou").first()).toBeVisible({ timeout: 15_000 });
});
