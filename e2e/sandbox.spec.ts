import { expect, test } from "./fixtures";

test("the sandbox page gives a person dollars on a chosen chain", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await page.goto("/sandbox");
  await page.getByLabel("Celular da pessoa").fill(person.phone);
  await page.getByLabel("Rede", { exact: true }).selectOption("11155420");
  await page.getByRole("button", { name: "Dar US$ 100" }).click();
  await expect(page.getByRole("status").filter({ hasText: person.phone })).toBeVisible();
  await signInAs(context, person);
  await page.goto("/");
  await expect(page.getByTestId("balance-usd")).toContainText("US$ 100,00", { timeout: 20_000 });
  const [row] = await db`SELECT chain_id, balance::text FROM token_balances WHERE user_id = ${person.userId} AND balance > 0`;
  expect(row).toEqual({ chain_id: "11155420", balance: "100000000" });
});

test("an unknown phone gets a sentence", async ({ page }) => {
  await page.goto("/sandbox");
  await page.getByLabel("Celular da pessoa").fill("+5548912345678");
  await page.getByRole("button", { name: "Dar US$ 100" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Não achamos" })).toBeVisible();
});

test("health is 200 with every part named", async ({ page }) => {
  const answer = await page.request.get("/api/health");
  expect(answer.status()).toBe(200);
  const health = (await answer.json()) as Record<string, unknown>;
  expect(Object.keys(health)).toEqual(["status", "database", "chains", "worker"]);
  expect(health).toMatchObject({ status: "ok", database: "ok", worker: "ok", chains: [{ chainId: "84532", block: expect.any(Number) }, { chainId: "11155420", block: expect.any(Number) }] });
});
