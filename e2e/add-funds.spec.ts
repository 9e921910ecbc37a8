import { expect, test } from "./fixtures";
import { expectAccessible, heading, judge, payAtBank, shot, SLOW_MS } from "./add-funds-pages";

test("from nobody to dollars in the balance: identity, price, code, Pix, chain", async ({ page, context, newPerson, signInAs, db }) => {
  test.setTimeout(150_000);
  const person = await newPerson();
  await signInAs(context, person);
  await page.goto("/");
  await page.getByRole("link", { name: "Adicionar" }).click();
  await expect(heading(page, "Primeiro, confirme quem você é")).toBeVisible();
  await expect(page.getByText("Sem isso você continua pagando nas lojas")).toBeVisible();
  await expectAccessible(page);
  await shot(page, "identity");
  await judge(page, "Aprovar");

  await expect(page.getByLabel("Quanto você vai adicionar")).toBeVisible({ timeout: SLOW_MS });
  await expectAccessible(page);
  await shot(page, "amount");
  await page.getByLabel("Quanto você vai adicionar").fill("5,00");
  await page.getByRole("button", { name: "Ver o preço" }).click();
  await expect(page.getByText("O mínimo é R$")).toBeVisible();
  await page.getByLabel("Quanto você vai adicionar").fill("100,00");
  await page.getByRole("button", { name: "Ver o preço" }).click();
  await expect(heading(page, "Confira o preço")).toBeVisible({ timeout: SLOW_MS });
  await expect(page.getByText("No mínimo US$ 17,77.")).toBeVisible();
  await expectAccessible(page);
  await shot(page, "price");
  await page.getByRole("button", { name: "Gerar o código Pix" }).click();

  await expect(heading(page, "Pague este Pix")).toBeVisible({ timeout: SLOW_MS });
  const code = await page.getByTestId("br-code").innerText();
  expect(code).toMatch(/^000201.*br\.gov\.bcb\.pix.*6304[0-9A-F]{4}$/);
  await expect(page.getByRole("timer")).toContainText("O código vale por mais 9:");
  await expectAccessible(page);
  await shot(page, "code");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copiar o código Pix" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);

  await payAtBank(page, "Pagar");
  await expect(heading(page, "Pix recebido").or(heading(page, "Já está no seu saldo"))).toBeVisible({ timeout: SLOW_MS });
  await expect(heading(page, "Já está no seu saldo")).toBeVisible({ timeout: SLOW_MS });
  await expect(page.getByText("US$ 17,85 chegaram à sua conta.")).toBeVisible();
  await expectAccessible(page);
  await shot(page, "done");
  await page.getByRole("link", { name: "Ver meu saldo" }).click();
  await expect(page.getByTestId("balance-usd")).toContainText("US$ 17,85", { timeout: SLOW_MS });
  const [row] = await db`SELECT t.status, t.arrived_usd::text, b.balance::text FROM top_ups t JOIN token_balances b ON b.user_id = t.user_id AND b.chain_id = t.chain_id WHERE t.user_id = ${person.userId}`;
  expect(row).toEqual({ status: "done", arrived_usd: "17.859712", balance: "17859712" });
});

test("a rejected person hears why, may try again, and can still receive", async ({ page, context, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const person = await newPerson({ name: "Fail Nunes" });
  await signInAs(context, person);
  await page.goto("/add");
  await judge(page, "Aprovar");
  await expect(heading(page, "A Avenia não confirmou sua identidade")).toBeVisible({ timeout: SLOW_MS });
  await expect(page.getByText("recebendo de outras pessoas")).toBeVisible();
  await expectAccessible(page);
  await shot(page, "rejected");
  await page.getByRole("button", { name: "Tentar de novo" }).click();
  await expect(page.getByRole("link", { name: "Abrir a página da Avenia" })).toBeVisible({ timeout: SLOW_MS });
});

test("another person's top-up is not found", async ({ page, context, newPerson, signInAs, db }) => {
  const [owner, stranger] = [await newPerson(), await newPerson()];
  const id = crypto.randomUUID();
  await db`INSERT INTO top_ups (id, user_id, provider, idempotency_key, request_fingerprint, amount_brl_centavos, chain_id) VALUES (${id}, ${owner.userId}, 'sandbox', ${id}, 'f', 1000, '84532')`;
  await signInAs(context, stranger);
  const answer = await page.goto(`/add/${id}`);
  expect(answer?.status()).toBe(404);
});
