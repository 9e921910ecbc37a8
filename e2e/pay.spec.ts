import { browserWithCamera } from "./fake-camera";
import { expect, pay, paidCode, payButton, paymentsOf, reviewPayment, test } from "./fixtures";

test("a customer scans the store's code and pays; the till turns green with the same code", async ({ browser, baseURL, viewport, launchOptions, newPerson, samplePerson, sampleStore, signInAs, db }) => {
  const [payer, owner] = [await newPerson({ dollars: 100 }), await samplePerson("owner")];
  const tillContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport: { width: 1440, height: 900 } });
  await signInAs(tillContext, owner);
  const till = await tillContext.newPage();
  await till.goto(`/stores/${sampleStore.storeId}/till`);
  await expect(till.getByTestId("till-paid")).toHaveCount(0);

  const withCamera = await browserWithCamera(`${baseURL}/p/${sampleStore.shortCode}`, launchOptions.executablePath);
  const context = await withCamera.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, permissions: ["camera"] });
  await signInAs(context, payer);
  const page = await context.newPage();
  await page.goto("/scan");
  await page.waitForURL(`**/p/${sampleStore.shortCode}`, { timeout: 20_000 });
  await expect(page.getByText(sampleStore.name).first()).toBeVisible();

  // The on-screen keys write the same amount as the keyboard.
  for (const key of ["3", "8", "5", "0"]) await page.getByRole("group", { name: /./ }).getByRole("button", { name: key, exact: true }).click();
  await expect(page.getByLabel("Valor", { exact: true })).toHaveValue("38,50");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(payButton(page)).toHaveAccessibleName(/38,50/);
  await payButton(page).click();

  const code = await paidCode(page);
  const green = till.getByTestId("till-paid");
  await expect(green).toBeVisible();
  await expect(green).toContainText("38,50");
  expect((await till.getByTestId("confirmation-code").first().innerText()).replace(/\s/g, "")).toBe(code);
  expect(await paymentsOf(db, payer.userId)).toMatchObject([{ status: "confirmed", code, brlCentavos: "3850" }]);
  await withCamera.close();
  await tillContext.close();
});

test("the balance shows what is left, the activity has the payment and its details", async ({ page, context, newPerson, sampleStore, signInAs }) => {
  const payer = await newPerson({ dollars: 50 });
  await signInAs(context, payer);
  await page.goto("/");
  await expect(page.getByTestId("balance-usd")).toContainText("US$ 50,00");
  const code = await pay(page, sampleStore.shortCode, "11,00");
  await page.goto("/");
  await expect(page.getByTestId("balance-usd")).not.toContainText("US$ 50,00");
  await page.goto("/activity");
  await page.getByRole("link", { name: new RegExp(sampleStore.name) }).first().click();
  await expect(page.getByText(code).first()).toBeVisible();
});

test("a double tap pays once", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 50 });
  await signInAs(context, payer);
  await reviewPayment(page, sampleStore.shortCode, "10,00");
  await payButton(page).dblclick();
  const code = await paidCode(page);
  expect(await paymentsOf(db, payer.userId)).toMatchObject([{ status: "confirmed", code }]);
});

test("the same review in two tabs pays once, with one answer", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 50 });
  await signInAs(context, payer);
  await reviewPayment(page, sampleStore.shortCode, "10,00");
  const twin = await context.newPage();
  await twin.goto(page.url());
  await expect(payButton(twin)).toBeVisible();
  await Promise.all([payButton(page).click(), payButton(twin).click()]);
  expect(await paidCode(twin)).toBe(await paidCode(page));
  expect(new URL(twin.url()).pathname).toBe(new URL(page.url()).pathname);
  expect(await paymentsOf(db, payer.userId)).toHaveLength(1);
});

test("a reload while checking changes nothing, and the review leads to its payment", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 50 });
  await signInAs(context, payer);
  await reviewPayment(page, sampleStore.shortCode, "10,00");
  const review = page.url();
  await payButton(page).click();
  await page.waitForURL("**/payments/**");
  const payment = new URL(page.url()).pathname;
  await page.reload();
  await page.reload();
  await paidCode(page);
  await page.goto(review);
  await expect(page).toHaveURL(new RegExp(`${payment}$`));
  expect(await paymentsOf(db, payer.userId)).toHaveLength(1);
});

test("another amount under the key of a payment is refused", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 50 });
  await signInAs(context, payer);
  await reviewPayment(page, sampleStore.shortCode, "10,00");
  const key = await page.locator('input[name="k"]').first().inputValue();
  const other = await context.newPage();
  await reviewPayment(other, sampleStore.shortCode, "10,01");
  await other.locator('input[name="k"]').first().evaluate((input: HTMLInputElement, value) => input.setAttribute("value", value), key);
  await payButton(page).click();
  await paidCode(page);
  await payButton(other).click();
  await expect(other.getByText("já começou com outro valor")).toBeVisible();
  expect(await paymentsOf(db, payer.userId)).toMatchObject([{ brlCentavos: "1000" }]);
});

test("more than the balance is refused before anything is written", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 1 });
  await signInAs(context, payer);
  await page.goto(`/p/${sampleStore.shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill("99,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText("Seu saldo não chega").first()).toBeVisible();
  expect(await paymentsOf(db, payer.userId)).toEqual([]);
});

test("a stranger keeps the amount through the sign-in", async ({ page, sampleStore }) => {
  await page.goto(`/p/${sampleStore.shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill("7,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page).toHaveURL(/\/login/);
  expect(decodeURIComponent(page.url())).toContain(`/p/${sampleStore.shortCode}`);
  await expect(page.getByText("7,00").first()).toBeVisible();
});
