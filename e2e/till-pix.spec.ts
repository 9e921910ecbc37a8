import type { Browser, Page, ViewportSize } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { expect, newPhone, sentCode, test, typeCode } from "./fixtures";

const SLOW_MS = 40_000;
/** The provider's check of a store is for ever: the sample store is confirmed by the first journey that needs it. */
async function confirmStore(page: Page, storeId: string) {
  await page.goto(`/stores/${storeId}/pix`);
  const done = page.getByText("O Pix no caixa está ativo.");
  const start = page.getByRole("button", { name: "Confirmar a loja" });
  const link = page.getByRole("link", { name: "Abrir a página do parceiro" });
  await expect(done.or(start).or(link)).toBeVisible();
  if (await done.isVisible()) return;
  if (await start.isVisible()) await start.click();
  await link.click({ timeout: SLOW_MS });
  await page.getByRole("button", { name: "Aprovar" }).click();
  // Back to whichever page asked for the check first.
  await page.waitForURL(/\/(payouts|pix)$/);
  await page.goto(`/stores/${storeId}/pix`);
  await expect(done).toBeVisible({ timeout: SLOW_MS });
}

/** From the keypad to the bank's code over the charge. Answers the code. */
async function chargeByPix(till: Page, storeId: string, reais: string): Promise<string> {
  await till.goto(`/stores/${storeId}/till`);
  await till.getByLabel("Valor da venda", { exact: true }).fill(reais);
  await till.getByRole("button", { name: `Cobrar R$ ${reais}` }).click();
  await expect(till.getByTestId("charge-qr")).toBeVisible();
  await till.getByRole("button", { name: "Receber por Pix" }).click();
  await expect(till.getByTestId("pix-qr")).toBeVisible({ timeout: SLOW_MS });
  return till.getByTestId("pix-code").innerText();
}

/** In the bank's app, as on the customer's phone. */
async function payAtBank(till: Page, way: string) {
  const [bank] = await Promise.all([till.waitForEvent("popup"), till.getByRole("link", { name: "Abrir o banco de teste" }).click()]);
  await bank.getByRole("button", { name: way, exact: true }).click();
  await expect(bank.getByRole("status")).toHaveText("Feito. Volte ao CocoPay.");
  await bank.close();
}

async function receiptOf(browser: Browser, options: { baseURL: string; viewport: ViewportSize | null }, link: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: options.baseURL, locale: "pt-BR", viewport: options.viewport });
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

test("a charge paid by Pix turns the till green, and its reward finds the customer who signs in with the phone", async ({ page, context, browser, baseURL, viewport, samplePerson, sampleStore, signInAs, db }) => {
  test.setTimeout(180_000);
  await signInAs(context, await samplePerson("owner"));
  await confirmStore(page, sampleStore.storeId);
  await expectAccessible(page, "the store's Pix");

  const code = await chargeByPix(page, sampleStore.storeId, "50,00");
  expect(code).toMatch(/^000201.*br\.gov\.bcb\.pix.*6304[0-9A-F]{4}$/);
  await expect(page.getByRole("timer").first()).toContainText("Vale por");
  await expectAccessible(page, "the bank's code at the till");
  await payAtBank(page, "Pagar");
  await expect(page.getByTestId("till-paid")).toBeVisible({ timeout: SLOW_MS });

  const reward = page.getByTestId("pix-reward");
  const phone = newPhone();
  await reward.getByLabel("Celular do cliente").fill("123");
  await reward.getByRole("button", { name: "Enviar recompensa" }).click();
  await expect(reward.getByRole("alert")).toBeVisible();
  await reward.getByLabel("Celular do cliente").fill(phone);
  await reward.getByRole("button", { name: "Enviar recompensa" }).click();
  await expect(reward.getByText(`•••• ${phone.slice(-4)}`)).toBeVisible();
  await expectAccessible(page, "the green till with a reward");

  // The customer opens the message, signs in with that phone, and has it.
  let link = "";
  await expect
    .poll(async () => {
      const messages = await page.request.get(`/sandbox/messages?to=${encodeURIComponent(phone)}`);
      link = /https?:[^\s"]+\/x\/[\w-]{22}/.exec(await messages.text())?.[0] ?? "";
      return link;
    })
    .not.toBe("");
  const customer = await receiptOf(browser, { baseURL: baseURL ?? "", viewport }, new URL(link).pathname);
  await expect(customer.getByTestId("pix-receipt-state")).toHaveText("Pago por Pix");
  await expect(customer.getByTestId("receipt-code")).toHaveText(/^[A-HJ-NP-Z2-9]{6}$/);
  await expectAccessible(customer, "a Pix receipt");
  await customer.getByRole("link", { name: "Entrar e receber" }).click();
  await customer.getByLabel("Celular", { exact: true }).fill(phone);
  await customer.getByRole("button", { name: "Continuar" }).click();
  await expect(customer.getByRole("heading", { name: "Digite o código" })).toBeVisible();
  await typeCode(customer, await sentCode(customer, phone));
  await customer.waitForURL((url) => url.pathname !== "/login");
  if (new URL(customer.url()).pathname === "/login/name") {
    await customer.getByLabel("Como você se chama?").fill("Clara Nunes");
    await customer.getByRole("button", { name: "Continuar" }).click();
  }
  await customer.waitForURL(/\/x\//);
  await expect(customer.getByText("A recompensa está na sua conta.")).toBeVisible({ timeout: SLOW_MS });
  await expectAccessible(customer, "a Pix receipt with its reward");
  const [row] = await db<{ status: string; sale: string; units: string }[]>`
    SELECT r.status, t.status AS sale, b.balance::text AS units FROM till_pix p JOIN transactions t ON t.id = p.transaction_id JOIN transactions r ON r.id = p.reward_transaction_id
    JOIN users u ON u.id = p.claimed_by JOIN token_balances b ON b.user_id = u.id AND b.store_id = p.store_id AND b.chain_id = p.chain_id WHERE u.phone = ${phone}`;
  expect(row).toMatchObject({ status: "confirmed", sale: "confirmed" });
  expect(BigInt(row?.units ?? 0)).toBeGreaterThan(0n);
  await customer.context().close();

  await page.goto(`/stores/${sampleStore.storeId}/pix`);
  await expect(page.getByText("Pago por Pix").first()).toBeVisible();
});

for (const [way, named] of [["Pagar a metade", "Pago a menos"], ["Pagar depois do prazo", "Pago tarde"], ["Pagar de outra pessoa (recusado)", "Recusado"]] as const) {
  test(`a Pix by "${way}" is named ${named} at the till and in the store's list`, async ({ page, context, samplePerson, sampleStore, signInAs }) => {
    test.setTimeout(120_000);
    await signInAs(context, await samplePerson("owner"));
    await confirmStore(page, sampleStore.storeId);
    await chargeByPix(page, sampleStore.storeId, "20,00");
    await payAtBank(page, way);
    await expect(page.getByTestId("pix-state")).toHaveText(named, { timeout: SLOW_MS });
    await expect(page.getByTestId("till-paid")).toHaveCount(0);
    await expectAccessible(page, `a till that says ${named}`);
    await page.goto(`/stores/${sampleStore.storeId}/pix`);
    await expect(page.getByText(named).first()).toBeVisible();
  });
}

test("staff are told who sees the store's Pix, and a wrong receipt is not found", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("staff"));
  expect((await page.goto(`/stores/${sampleStore.storeId}/pix`))?.status()).toBe(403);
  await expect(page.getByText("O Pix da loja é só para donos e admins")).toBeVisible();
  expect((await page.goto(`/x/${"A".repeat(22)}`))?.status()).toBe(404);
});
