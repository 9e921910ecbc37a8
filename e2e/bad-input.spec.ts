import { expect, payButton, paymentsOf, reviewPayment, test } from "./fixtures";

test.describe("amounts, as a browser without scripts posts them", () => {
  test.use({ javaScriptEnabled: false });
  for (const amount of ["0", "-1", "1e9", "25.505", "1".repeat(40), "", "٢٥", "<b>1</b>", "1.234,56"]) {
    test(`"${amount.slice(0, 12)}" gets a sentence and writes nothing`, async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
      const payer = await newPerson({ dollars: 5 });
      await signInAs(context, payer);
      await page.goto(`/p/${sampleStore.shortCode}`);
      await page.getByLabel("Valor", { exact: true }).fill(amount);
      const answer = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name: "Continuar" }).click();
      expect((await answer).status()).toBeLessThan(500);
      await expect(page.getByRole("alert").first()).not.toBeEmpty();
      expect(await paymentsOf(db, payer.userId)).toEqual([]);
    });
  }

  test("25,50 is a good amount", async ({ page, context, newPerson, sampleStore, signInAs }) => {
    await signInAs(context, await newPerson({ dollars: 20 }));
    await page.goto(`/p/${sampleStore.shortCode}`);
    await page.getByLabel("Valor", { exact: true }).fill("25,50");
    await page.getByRole("button", { name: "Continuar" }).click();
    await expect(payButton(page)).toHaveAccessibleName(/25,50/);
  });
});

for (const path of ["/payments/not-an-id", "/payments/01890000-0000-7000-8000-000000000000", "/stores/not-an-id", "/stores/01890000-0000-7000-8000-000000000000/till", "/payments/%00", "/stores/'%20OR%201=1"]) {
  test(`${path} is not found, never an error`, async ({ page, context, newPerson, signInAs }) => {
    await signInAs(context, await newPerson());
    const answer = await page.request.get(path);
    expect(answer.status()).toBeGreaterThanOrEqual(400);
    expect(answer.status()).toBeLessThan(500);
  });
}

for (const code of ["ZZZZ99", "%E2%80%AE", "<script>", "%", "a".repeat(3_000)]) {
  test(`the store code ${code.slice(0, 10)} gets a sentence`, async ({ page }) => {
    const answer = await page.request.get(`/p/${code === "%" ? code : encodeURI(code)}`);
    expect(answer.status()).toBeLessThan(500);
  });
}

test("a form without Origin, or from another one, is refused in a sentence", async ({ page, context, newPerson, sampleStore, signInAs, db, playwright, baseURL }) => {
  const payer = await newPerson({ dollars: 20 });
  await signInAs(context, payer);
  await reviewPayment(page, sampleStore.shortCode, "10,00");
  const form = await page.locator("form").filter({ has: page.locator('input[name="k"]') }).locator("input").evaluateAll((inputs) => Object.fromEntries(inputs.map((input) => [(input as HTMLInputElement).name, (input as HTMLInputElement).value])));
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  for (const origin of [undefined, "https://evil.example", "null"]) {
    const request = await playwright.request.newContext({ extraHTTPHeaders: { cookie: cookies, ...(origin ? { origin } : {}) } });
    const answer = await request.post(page.url(), { multipart: form });
    expect([origin, answer.status() < 500]).toEqual([origin, true]);
    await request.dispose();
  }
  expect(baseURL).toBeTruthy();
  expect(await paymentsOf(db, payer.userId)).toEqual([]);
});

test("bodies of one and of four megabytes are answered, not thrown", async ({ page, baseURL, sampleStore }) => {
  for (const bytes of [1_000_000, 4_000_000]) {
    const answer = await page.request.post(`/p/${sampleStore.shortCode}`, { multipart: { amount: "1".repeat(bytes) }, headers: { origin: baseURL ?? "" } });
    expect(answer.status()).toBeLessThan(500);
  }
});

test("a changed quote is refused", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  const payer = await newPerson({ dollars: 20 });
  await signInAs(context, payer);
  await reviewPayment(page, sampleStore.shortCode, "10,00");
  const url = new URL(page.url());
  const quote = url.searchParams.get("q") ?? "";
  url.searchParams.set("q", `${quote.startsWith("e") ? "f" : "e"}${quote.slice(1)}`);
  await page.goto(url.href);
  await expect(payButton(page)).toHaveCount(0);
  await expect(page.getByText("Este preço não vale mais").first()).toBeVisible();
  expect(await paymentsOf(db, payer.userId)).toEqual([]);
});

test("a cookie of a revoked session opens nothing", async ({ page, context, newPerson, signInAs, db }) => {
  const sessionId = await signInAs(context, await newPerson());
  await page.goto("/activity");
  await expect(page).toHaveURL(/\/activity/);
  await db`UPDATE sessions SET revoked_at = now() WHERE id = ${sessionId}`;
  await page.goto("/activity");
  await expect(page).toHaveURL(/\/login/);
});
