import { expect, pay, test } from "./fixtures";

const letters = () => [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => String.fromCharCode(65 + (byte % 26))).join("");

test("a person opens a store, its QR works at once, it is deployed on both chains and paid", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const [owner, payer] = [await newPerson({ name: "Lúcia Prado" }), await newPerson({ dollars: 20 })];
  await signInAs(context, owner);
  const symbol = `Z${letters()}`;
  await page.goto("/stores/new");
  await page.getByLabel("Nome da loja").fill("Banca da Lúcia");
  await page.getByLabel("Sigla das recompensas").fill(symbol);
  await page.getByLabel("O que você vende").selectOption("crafts");
  await page.getByLabel("Endereço").fill("Campeche, Florianópolis");
  await page.getByRole("button", { name: "Abrir loja" }).dblclick();
  await page.waitForURL(/\/stores\/[0-9a-f-]{36}/);
  const storeId = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
  const [store] = await db<{ shortCode: string }[]>`SELECT short_code AS "shortCode" FROM stores WHERE id = ${storeId}`;
  expect((await db`SELECT count(*)::int AS count FROM store_members WHERE user_id = ${owner.userId}`)[0]?.count).toBe(1);

  const qr = await page.request.get(`/api/qr/${store?.shortCode}`);
  expect(qr.status()).toBe(200);
  await expect
    .poll(async () => (await db`SELECT count(*)::int AS count FROM store_deployments WHERE store_id = ${storeId} AND status = 'deployed'`)[0]?.count, { timeout: 45_000 })
    .toBe(2);
  const tokens = await db`SELECT DISTINCT token_address FROM store_deployments WHERE store_id = ${storeId}`;
  expect(tokens).toHaveLength(1);

  // Payments revert before the first stage; until then the page itself says that the store opens in a moment.
  const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(payerContext, payer);
  const payerPage = await payerContext.newPage();
  await payerPage.goto(`/p/${store?.shortCode}`);
  await expect(payerPage.getByLabel("Valor", { exact: true })).toBeVisible({ timeout: 45_000 });
  await pay(payerPage, store?.shortCode ?? "", "5,00");
  await payerContext.close();
});

test("a symbol that is taken offers others", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson());
  await page.goto("/stores/new");
  await page.getByLabel("Nome da loja").fill("Café do Morro");
  await page.getByLabel("Sigla das recompensas").fill("CAFE");
  await page.getByLabel("O que você vende").selectOption("cafe");
  await page.getByLabel("Endereço").fill("Campeche, Florianópolis");
  await page.getByRole("button", { name: "Abrir loja" }).click();
  await expect(page.getByText(/Já existe|já usa esta sigla/).first()).toBeVisible();
  await expect(page).toHaveURL(/\/stores\/new/);
});

for (const [what, name] of [["markup", "<b>Loja</b>"], ["a right-to-left mark", "Loja \u202Eetrof"], ["nothing to see", "\u2800\u2800\u2800"]] as const) {
  test(`a name with ${what} gets a sentence and opens nothing`, async ({ page, context, newPerson, signInAs, db }) => {
    const person = await newPerson();
    await signInAs(context, person);
    await page.goto("/stores/new");
    await page.getByLabel("Nome da loja").fill(name);
    await page.getByLabel("Sigla das recompensas").fill(`Y${letters()}`);
    await page.getByLabel("O que você vende").selectOption("other");
    await page.getByLabel("Endereço").fill("Campeche, Florianópolis");
    await page.getByRole("button", { name: "Abrir loja" }).click();
    await expect(page.getByText("O nome tem de 2 a 60 letras").first()).toBeVisible();
    expect((await db`SELECT count(*)::int AS count FROM store_members WHERE user_id = ${person.userId}`)[0]?.count).toBe(0);
  });
}
