import AxeBuilder from "@axe-core/playwright";
import { expect, payButton, test } from "./fixtures";

test("a person is told of the limits before hitting them, and what raises them", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  test.slow();
  const person = await newPerson({ dollars: 900 });
  await signInAs(context, person);
  await db`UPDATE users SET created_at = now() - interval '1 day' WHERE id = ${person.userId}`;
  await db`UPDATE sessions SET limited_until = now() + interval '20 hours' WHERE user_id = ${person.userId}`;
  await page.goto("/security/limits");
  await expect(page.getByText("Aparelho novo, por dia")).toBeVisible();
  await expect(page.getByText("Conta nova, por dia")).toBeVisible();
  await expect(page.getByRole("link", { name: /Confirme com uma chave de acesso/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.screenshot({ path: test.info().outputPath("limits.png"), fullPage: true });

  // Near, then over, while the amount can still be changed; and refused when it is sent all the same.
  await page.goto(`/p/${sampleStore.shortCode}?amount=4500&currency=USD`);
  await expect(page.getByText(/Hoje você ainda pode pagar US\$\s50,00/)).toBeVisible();
  await page.goto(`/p/${sampleStore.shortCode}?amount=6000&currency=USD`);
  await expect(page.getByText(/Passa do limite de aparelho novo/)).toBeVisible();
  await page.screenshot({ path: test.info().outputPath("over.png") });
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByText(/Neste aparelho novo o limite é menor/)).toBeVisible();

  // A large payment on a known device of an old account asks who it is, and nothing is paid before.
  await db`UPDATE sessions SET limited_until = NULL WHERE user_id = ${person.userId}`;
  await db`UPDATE users SET created_at = now() - interval '30 days' WHERE id = ${person.userId}`;
  await page.goto(`/p/${sampleStore.shortCode}?amount=60000&currency=USD`);
  await expect(page.getByText(/pedimos sua chave de acesso/)).toBeVisible();
  await page.getByRole("button", { name: "Continuar" }).click();
  await payButton(page).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await db`SELECT 1 FROM transactions WHERE from_user_id = ${person.userId}`).toHaveLength(0);
  await page.screenshot({ path: test.info().outputPath("large.png") });
});
