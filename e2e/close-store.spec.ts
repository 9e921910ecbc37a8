import type { Sql } from "postgres";
import { expectAccessible } from "./accessible";
import { expect, pay, test } from "./fixtures";

/** What a passkey's signature leaves in the session: other journeys walk the signing itself. */
const confirm = (db: Sql, sessionId: string) => db`UPDATE sessions SET stepped_up_at = now(), step_up_method = 'passkey' WHERE id = ${sessionId}`;
const letters = () => [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => String.fromCharCode(65 + (byte % 26))).join("");

test("a closed store can't be paid and is not shown; its owner takes out the rest, reopens it, and is led here before deleting the account", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  test.setTimeout(240_000);
  const [owner, payer] = [await newPerson({ name: "Lúcia Prado" }), await newPerson({ dollars: 30 })];
  const session = await signInAs(context, owner);
  // Reopened at the end, it is found by whoever searches for it: the journey's next run needs a store of its own.
  const name = `Banca ${letters()}`;
  await page.goto("/stores/new");
  await page.getByLabel("Nome da loja").fill(name);
  await page.getByLabel("Sigla das recompensas").fill(`Z${letters()}`);
  await page.getByLabel("O que você vende").selectOption("crafts");
  await page.getByLabel("Endereço").fill("Campeche, Florianópolis");
  await page.getByRole("button", { name: "Abrir loja" }).click();
  await page.waitForURL(/\/stores\/[0-9a-f-]{36}/);
  const storeId = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
  await db`UPDATE stores SET latitude = -27.67, longitude = -48.49 WHERE id = ${storeId}`;
  const [{ shortCode } = { shortCode: "" }] = await db<{ shortCode: string }[]>`SELECT short_code AS "shortCode" FROM stores WHERE id = ${storeId}`;

  const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(payerContext, payer);
  const payerPage = await payerContext.newPage();
  await payerPage.goto(`/p/${shortCode}`);
  await expect(payerPage.getByLabel("Valor", { exact: true })).toBeVisible({ timeout: 60_000 });
  await pay(payerPage, shortCode, "20,00");

  // A sole owner is led to the store first.
  await page.goto("/security/data/delete");
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expectAccessible(page, "deletion with a store");
  await page.getByRole("link", { name: "Fechar a loja" }).click();
  await page.waitForURL(new RegExp(`/stores/${storeId}/settings`));

  await page.getByRole("button", { name: "Fechar a loja" }).click();
  await page.getByLabel(/Escreva o nome da loja/).fill("Outra coisa");
  await page.getByRole("button", { name: "Fechar agora" }).click();
  await expect(page.getByText("O nome não confere").filter({ visible: true })).toBeVisible();
  await confirm(db, session);
  await page.getByRole("button", { name: "Fechar a loja" }).click();
  await page.getByLabel(/Escreva o nome da loja/).fill(name.toLowerCase());
  await expectAccessible(page, "closing");
  await page.getByRole("button", { name: "Fechar agora" }).click();
  await expect(page.getByText("Ninguém consegue pagar aqui", { exact: false })).toBeVisible();
  await expectAccessible(page, "closed store");

  await payerPage.goto(`/p/${shortCode}`);
  await expect(payerPage.getByLabel("Valor", { exact: true })).toHaveCount(0);
  await expect(payerPage.getByRole("heading", { name: /fechou|fechada/i })).toBeVisible();
  await payerPage.goto(`/p/${shortCode}/wallet`);
  await expect(payerPage.getByLabel("Valor", { exact: true })).toHaveCount(0);
  await payerPage.goto(`/explore/${storeId}`);
  await expect(payerPage.getByText("Esta loja fechou")).toBeVisible();
  await payerPage.goto(`/explore?q=${name.replace(" ", "+")}`);
  await expect(payerPage.getByRole("heading", { name: /Nenhuma loja para/ })).toBeVisible();

  // With money inside it still stands in the way of a deletion.
  await page.goto("/security/data/delete");
  await expect(page.getByText("Fechada, com saldo a retirar")).toBeVisible();

  await page.goto(`/stores/${storeId}/settings`);
  await page.getByRole("button", { name: "Reabrir a loja" }).click();
  await expect(page.getByRole("button", { name: "Fechar a loja" })).toBeVisible();
  await payerPage.goto(`/p/${shortCode}`);
  await expect(payerPage.getByLabel("Valor", { exact: true })).toBeVisible();
  await payerContext.close();
});
