import type { Browser, BrowserContext, Page, ViewportSize } from "@playwright/test";
import { expectAccessible } from "./accessible";
import { browserWithCamera } from "./fake-camera";
import { expect, paidCode, payButton, paymentsOf, test } from "./fixtures";
import { newTestWallet } from "./test-wallet";
import { chargeAmount, makeCharge, openTill, reviewCharge, saleAmount, shownCharge } from "./till-pages";

const LONG_MS = 30_000;
// Several browsers at once, on a machine that may be shared.
test.setTimeout(120_000);

type SignIn = (context: BrowserContext, person: { userId: string }) => Promise<string>;
type Where = { browser: Browser; baseURL: string | undefined; viewport: ViewportSize | null; signInAs: SignIn };

async function open({ browser, baseURL, viewport, signInAs }: Where, person: { userId: string } | null, more: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, ...more });
  if (person) await signInAs(context, person);
  return context.newPage();
}
const close = (...pages: Page[]) => Promise.all(pages.map((page) => page.context().close()));

async function expectGreen(till: Page, code: string) {
  await expect(till.getByTestId("till-paid").filter({ hasText: code })).toBeVisible({ timeout: LONG_MS });
}
/** Earlier sales of the sample store may still stand below. */
async function nextSale(till: Page) {
  const next = till.getByRole("button", { name: "Próxima venda" });
  while (await next.isVisible()) await next.click();
}

test("keypad, code, three taps on the phone, green with the same code, cleared", async ({ page, context, baseURL, viewport, launchOptions, newPerson, samplePerson, sampleStore, signInAs, db }) => {
  await signInAs(context, await samplePerson("staff"));
  await openTill(page, sampleStore.storeId);
  const keys = page.getByRole("group", { name: "Teclado numérico" });
  for (const key of ["3", "8", "5", "0"]) await keys.getByRole("button", { name: key, exact: true }).click();
  await expect(saleAmount(page)).toHaveValue("38,50");
  await page.getByRole("button", { name: "Observação" }).click();
  await page.getByLabel("Observação da venda").fill("Mesa 4 <b>x</b>");
  await page.getByRole("button", { name: "Guardar" }).click();
  await page.getByRole("button", { name: "Cobrar R$ 38,50" }).click();
  const chargeId = await shownCharge(page);
  await expect(page.getByTestId("charge-qr")).toBeVisible();
  await expect(page.getByText("Mesa 4 <b>x</b>").first()).toBeVisible();
  // A reload comes back to the same charge.
  await page.reload();
  await expect(page.getByTestId("charge-progress")).toContainText("Aponte a câmera");
  expect(await shownCharge(page)).toBe(chargeId);

  const payer = await newPerson({ dollars: 30 });
  const withCamera = await browserWithCamera(`${baseURL}/c/${chargeId}`, launchOptions.executablePath);
  const phone = await withCamera.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, permissions: ["camera"] });
  await signInAs(phone, payer);
  const customer = await phone.newPage();
  await customer.goto("/scan");
  await customer.waitForURL(`**/c/${chargeId}`, { timeout: 20_000 });
  await expect(customer.getByText("Mesa 4 <b>x</b>")).toBeVisible();
  await customer.getByRole("button", { name: "Continuar com R$ 38,50" }).click();
  await expect(payButton(customer)).toHaveAccessibleName(/38,50/);
  await payButton(customer).click();
  const code = await paidCode(customer);

  await expectGreen(page, code);
  await expect(page.getByTestId("till-paid").first()).toContainText("38,50");
  await nextSale(page);
  await expect(saleAmount(page)).toHaveValue("0,00");
  await expect(page.getByText(code).first()).toBeVisible();
  expect(await paymentsOf(db, payer.userId)).toMatchObject([{ status: "confirmed", code, brlCentavos: "3850" }]);
  await customer.goto(`/c/${chargeId}`);
  await expect(customer.getByRole("heading", { name: "Você já pagou" })).toBeVisible();
  await withCamera.close();
});

test("a tip: chosen on the phone, in the amount, on the receipt", async ({ page, context, newPerson, samplePerson, sampleStore, signInAs, db, browser, baseURL, viewport }) => {
  await signInAs(context, await samplePerson("owner"));
  await openTill(page, sampleStore.storeId);
  const tip = page.getByRole("button", { name: "Gorjeta", exact: true });
  if ((await tip.getAttribute("aria-pressed")) !== "true") await tip.click();
  await expect(tip).toHaveAttribute("aria-pressed", "true");
  const chargeId = await chargeAmount(page, "20,00");
  const person = await newPerson({ dollars: 30 });
  const payer = await open({ browser, baseURL, viewport, signInAs }, person);
  await payer.goto(`/c/${chargeId}`);
  await payer.getByRole("radio", { name: /^Outro/ }).check();
  await payer.getByLabel("Valor da gorjeta").fill("25,00");
  await payer.getByRole("button", { name: /^Continuar com/ }).click();
  await expect(payer.getByText("A gorjeta passa do valor da cobrança")).toBeVisible();
  await payer.getByRole("radio", { name: /^10 %/ }).check();
  await payer.getByRole("button", { name: "Continuar com R$ 22,00" }).click();
  await expect(payer.getByText(/inclui gorjeta de R\$\s2,00/)).toBeVisible();
  await payButton(payer).click();
  const code = await paidCode(payer);
  await expectGreen(page, code);
  await payer.goto(`${payer.url()}/receipt`);
  await expect(payer.getByText("Inclui gorjeta")).toBeVisible();
  const [row] = await db`SELECT tip_brl_centavos::int AS tip, amount_brl_centavos::int AS amount FROM transactions WHERE charge_id = ${chargeId}`;
  expect(row).toMatchObject({ tip: 200, amount: 2200 });
  await nextSale(page);
  await tip.click();
  await close(payer);
});

test("two phones at once: one pays, the other is told who was first", async ({ page, context, newPerson, samplePerson, sampleStore, signInAs, db, browser, baseURL, viewport }) => {
  await signInAs(context, await samplePerson("owner"));
  const chargeId = await makeCharge(page, sampleStore.storeId, "11,00");
  const where = { browser, baseURL, viewport, signInAs };
  const people = [await newPerson({ name: "Rafael Lima", dollars: 20 }), await newPerson({ name: "Joana Reis", dollars: 20 })];
  const payers = await Promise.all(people.map((person) => open(where, person)));
  for (const payer of payers) await reviewCharge(payer, chargeId);
  await Promise.all(payers.map((payer) => payButton(payer).click()));
  const countOf = async (look: (payer: Page) => ReturnType<Page["getByRole"]>) => (await Promise.all(payers.map((payer) => look(payer).count()))).reduce((sum, count) => sum + Math.min(count, 1), 0);
  await expect.poll(() => countOf((payer) => payer.getByRole("heading", { name: "Pago", exact: true })), { timeout: LONG_MS }).toBe(1);
  await expect.poll(() => countOf((payer) => payer.getByRole("alert").filter({ hasText: /já foi paga por (Rafael L\.|Joana R\.)/ }))).toBe(1);
  const paid = (await Promise.all(people.map(({ userId }) => paymentsOf(db, userId)))).flat();
  expect(paid).toMatchObject([{ status: "confirmed", brlCentavos: "1100" }]);
  await expectGreen(page, paid[0]?.code ?? "");
  for (const payer of payers) {
    await payer.goto(`/c/${chargeId}`);
    await expect(payer.getByRole("heading", { name: /^(Você já pagou|(Rafael L\.|Joana R\.) pagou primeiro)$/ })).toBeVisible();
  }
  await close(...payers);
});

test("expired and cancelled are said on both sides; the sale comes back to the keypad", async ({ page, context, newPerson, samplePerson, sampleStore, signInAs, db, browser, baseURL, viewport }) => {
  await signInAs(context, await samplePerson("owner"));
  const first = await makeCharge(page, sampleStore.storeId, "12,00");
  const payer = await open({ browser, baseURL, viewport, signInAs }, await newPerson({ dollars: 20 }));
  await reviewCharge(payer, first);
  await db`UPDATE charges SET expires_at = now() - interval '1 second' WHERE id = ${first}`;
  await expect(page.getByTestId("charge-progress")).toHaveText("Esta cobrança venceu");
  await payButton(payer).click();
  await expect(payer.getByText("Esta cobrança não vale mais").first()).toBeVisible();
  await payer.getByRole("link", { name: "Ver a cobrança" }).click();
  await expect(payer.getByRole("heading", { name: "Esta cobrança venceu" })).toBeVisible();

  await page.getByRole("button", { name: "Gerar outro" }).click();
  await expect(page.getByTestId("charge-progress")).toContainText("Aponte a câmera");
  const second = await shownCharge(page);
  expect(second).not.toBe(first);
  await payer.goto(`/c/${second}`);
  await expect(payer.getByTestId("charge-open")).toBeVisible();
  await page.getByRole("button", { name: "Cancelar", exact: true }).click();
  await expect(saleAmount(page)).toHaveValue("12,00");
  await expect(payer.getByRole("heading", { name: "Esta cobrança foi cancelada" })).toBeVisible({ timeout: LONG_MS });
  await close(payer);
});

test("a sale waits on the device and is taken up again, also after a reload", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("staff"));
  await openTill(page, sampleStore.storeId);
  await saleAmount(page).fill("7,00");
  await page.getByRole("button", { name: "Deixar em espera" }).click();
  await expect(saleAmount(page)).toHaveValue("0,00");
  await saleAmount(page).fill("8,00");
  await page.getByRole("button", { name: "Deixar em espera" }).click();
  // A page begins anew with every visit; what waits from an earlier one stays apart.
  await page.reload();
  await expect(page.getByText("Ao vivo").first()).toBeVisible();
  await saleAmount(page).fill("9,00");
  await page.getByRole("button", { name: "Deixar em espera" }).click();
  await page.reload();
  await expect(page.getByText("Ao vivo").first()).toBeVisible();
  await page.getByRole("button", { name: "3 em espera" }).click();
  const dialog = page.getByRole("dialog");
  await expectAccessible(page, "till, sales on hold");
  await dialog.getByRole("button", { name: /R\$\s7,00.*Retomar/ }).click();
  await expect(saleAmount(page)).toHaveValue("7,00");
  await page.getByRole("button", { name: "2 em espera" }).click();
  await dialog.getByRole("button", { name: /^Apagar a venda de R\$\s8,00/ }).click();
  await dialog.getByRole("button", { name: /^Apagar a venda de R\$\s9,00/ }).click();
  await expect(dialog.getByText("Nenhuma venda em espera.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /em espera$/ })).toHaveCount(1);
});

test("charge me: the customer's code is typed at the till and the own phone confirms; nobody else can", async ({ page, context, newPerson, samplePerson, sampleStore, signInAs, browser, baseURL, viewport }) => {
  const where = { browser, baseURL, viewport, signInAs };
  const customer = await open(where, await newPerson({ name: "Marina Alves", dollars: 20 }));
  await customer.goto("/receive");
  const link = await customer.getByTestId("receive-link").innerText();
  await signInAs(context, await samplePerson("staff"));
  await openTill(page, sampleStore.storeId);
  await saleAmount(page).fill("9,00");
  await page.getByRole("button", { name: "Código do cliente" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Ou digite o código").fill("não é um código");
  await dialog.getByRole("button", { name: "Cobrar R$ 9,00" }).click();
  await expect(dialog.getByText("Este não é o código de uma pessoa")).toBeVisible();
  await dialog.getByLabel("Ou digite o código").fill(link.split("/u/")[1] ?? "");
  await dialog.getByRole("button", { name: "Cobrar R$ 9,00" }).click();
  await expect(page.getByText("Marina A. confirma no próprio celular")).toBeVisible();
  const chargeId = await shownCharge(page);

  const other = await open(where, await newPerson({ dollars: 20 }));
  await other.goto(`/c/${chargeId}`);
  await expect(other.getByRole("heading", { name: "Esta cobrança é de outra pessoa" })).toBeVisible();

  await customer.getByTestId("waiting-charges").getByRole("link").click();
  await customer.waitForURL(`**/c/${chargeId}`);
  await customer.getByRole("button", { name: "Continuar com R$ 9,00" }).click();
  await payButton(customer).click();
  await expectGreen(page, await paidCode(customer));
  await customer.goto("/");
  await expect(customer.getByTestId("waiting-charges").getByRole("link")).toHaveCount(0);
  await close(customer, other);
});

test("without a script a charge is paid all the same, tip and all", async ({ page, context, newPerson, samplePerson, sampleStore, signInAs, db, browser, baseURL, viewport }) => {
  await signInAs(context, await samplePerson("owner"));
  await openTill(page, sampleStore.storeId);
  await page.getByRole("button", { name: "Gorjeta", exact: true }).click();
  const chargeId = await chargeAmount(page, "10,00");
  const person = await newPerson({ dollars: 20 });
  const payer = await open({ browser, baseURL, viewport, signInAs }, person, { javaScriptEnabled: false });
  await payer.goto(`/c/${chargeId}`);
  await payer.getByRole("radio", { name: /^Outro/ }).check();
  await payer.getByLabel("Valor da gorjeta").fill("1,50");
  await payer.getByRole("button", { name: /^Continuar com/ }).click();
  await payButton(payer).click();
  await payer.waitForURL("**/payments/**");
  await expect.poll(async () => (await paymentsOf(db, person.userId)).map(({ status, brlCentavos }) => [status, brlCentavos]), { timeout: LONG_MS }).toEqual([["confirmed", "1150"]]);
  await expect(page.getByTestId("till-paid").first()).toBeVisible({ timeout: LONG_MS });
  await nextSale(page);
  await page.getByRole("button", { name: "Gorjeta", exact: true }).click();
  await close(payer);
});

test("a guest pays a charge by an own wallet, tip and all; nobody else can meanwhile, and letting go frees it", async ({ page, context, samplePerson, sampleStore, signInAs, db, browser, baseURL, viewport }) => {
  const where = { browser, baseURL, viewport, signInAs };
  await signInAs(context, await samplePerson("owner"));
  await openTill(page, sampleStore.storeId);
  const tip = page.getByRole("button", { name: "Gorjeta", exact: true });
  if ((await tip.getAttribute("aria-pressed")) !== "true") await tip.click();
  const chargeId = await chargeAmount(page, "14,00");
  const wallet = await newTestWallet({ dollars: 30, chains: ["84532"] });
  const guest = await open(where, null);
  await wallet.install(guest.context());
  const byWallet = guest.getByRole("button", { name: "Pagar com minha própria carteira" });

  // Begun, and let go again.
  await guest.goto(`/c/${chargeId}`);
  await expect(byWallet).toBeVisible();
  await expectAccessible(guest, "charge, for a guest");
  await byWallet.click();
  await guest.waitForURL(/\/w\/[0-9a-f]{32}$/);
  await expect(page.getByTestId("charge-progress")).toContainText("O cliente está pagando sem conta");
  await guest.getByRole("button", { name: "Pagar de outro jeito" }).click();
  await guest.waitForURL(`**/c/${chargeId}`);
  await expect(guest.getByTestId("charge-open")).toBeVisible();
  await expect(page.getByTestId("charge-progress")).toContainText("Aponte a câmera");

  await guest.getByRole("radio", { name: /^10 %/ }).check();
  await byWallet.click();
  await guest.waitForURL(/\/w\/[0-9a-f]{32}$/);
  const reference = guest.url().slice(-32);
  await expect(guest.getByText(/inclui gorjeta de R\$\s1,40/)).toBeVisible();
  const second = await open(where, null);
  await second.goto(`/c/${chargeId}`);
  await expect(second.getByRole("heading", { name: "Outra pessoa está pagando" })).toBeVisible();
  await guest.goto(`/c/${chargeId}`);
  await expect(guest.getByRole("heading", { name: "Você começou a pagar com sua carteira" })).toBeVisible();
  await expectAccessible(guest, "charge, begun by a guest");
  await guest.getByRole("link", { name: "Continuar com a carteira" }).click();
  await guest.waitForURL(`**/w/${reference}`);

  await guest.getByRole("button", { name: wallet.name }).click();
  await expect(guest.getByRole("button", { name: /^Pagar R\$/ })).toHaveAccessibleName(/15,40/);
  await expectAccessible(guest, "a guest's charge, connected");
  await guest.getByRole("button", { name: /^Pagar R\$/ }).click();
  const code = await paidCode(guest);
  await expectGreen(page, code);
  await guest.getByRole("link", { name: "Comprovante" }).click();
  await expect(guest.getByTestId("receipt-code")).toHaveText(code);
  await expect(guest.getByText("Inclui gorjeta")).toBeVisible();
  const rows = await db`SELECT status, origin, tip_brl_centavos::int AS tip, amount_brl_centavos::int AS amount, confirmation_code AS code FROM transactions WHERE charge_id = ${chargeId}`;
  expect(rows).toMatchObject([{ status: "confirmed", origin: "guest", tip: 140, amount: 1540, code }]);
  await second.goto(`/c/${chargeId}`);
  await expect(second.getByRole("heading", { name: "Esta cobrança já foi paga" })).toBeVisible();
  await nextSale(page);
  await tip.click();
  await close(guest, second);
});

test("a stranger comes back to the charge after the sign-in, and no other id leads anywhere", async ({ page, context, samplePerson, sampleStore, signInAs, browser, baseURL, viewport }) => {
  await signInAs(context, await samplePerson("owner"));
  const chargeId = await makeCharge(page, sampleStore.storeId, "13,00");
  const stranger = await open({ browser, baseURL, viewport, signInAs }, null);
  await stranger.goto(`/c/${chargeId}`);
  await stranger.getByRole("button", { name: "Continuar com R$ 13,00" }).click();
  await expect(stranger).toHaveURL(/\/login/);
  expect(decodeURIComponent(stranger.url())).toContain(`/c/${chargeId}`);
  await expect(stranger.getByText("13,00").first()).toBeVisible();
  for (const id of ["01890000-0000-7000-8000-000000000000", "not-an-id", "'%20OR%201=1"]) {
    await stranger.goto(`/c/${id}`);
    await expect(stranger.getByRole("heading", { name: "Não achamos esta cobrança" })).toBeVisible();
  }
  await page.getByRole("button", { name: "Cancelar", exact: true }).click();
  await close(stranger);
});

test("an owner names a till, and this device stands at it", async ({ page, context, samplePerson, sampleStore, signInAs, db }) => {
  await signInAs(context, await samplePerson("owner"));
  await openTill(page, sampleStore.storeId);
  const name = `Caixa ${Math.random().toString(36).slice(2, 7)}`;
  await page.getByRole("button", { name: "Escolher caixa" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nome do novo caixa").fill(name);
  await dialog.getByRole("button", { name: "Criar e usar aqui" }).click();
  await expect(dialog.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page.getByText("Ao vivo").first()).toBeVisible();
  const chargeId = await chargeAmount(page, "2,00");
  const [row] = await db`SELECT t.name FROM charges c JOIN tills t ON t.id = c.till_id WHERE c.id = ${chargeId}`;
  expect(row).toMatchObject({ name });
  await page.getByRole("button", { name: "Cancelar", exact: true }).click();
});

test("nothing sticks out sideways, from a small phone to a desktop", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("owner"));
  for (const [width, height] of [[360, 640], [390, 844], [1024, 768], [1440, 900]] as const) {
    await page.setViewportSize({ width, height });
    await openTill(page, sampleStore.storeId);
    await saleAmount(page).fill("12.345,67");
    await expect(page.getByRole("button", { name: "Cobrar R$ 12.345,67" })).toBeInViewport();
    const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(await isWide(), `${width} px, keypad`).toBe(false);
    await chargeAmount(page, "1,00");
    expect(await isWide(), `${width} px, code`).toBe(false);
    await expect(page.getByTestId("charge-qr")).toBeVisible();
    await page.getByRole("button", { name: "Cancelar", exact: true }).click();
    await expect(saleAmount(page)).toHaveValue("1,00");
  }
});
