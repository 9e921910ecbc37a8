import { expect, test } from "./fixtures";
import { expectAccessible, heading, judge, openCode, payAtBank, shot, SLOW_MS } from "./add-funds-pages";

const ENDS = [
  ["Pagar a metade", "Chegou um valor menor", "underpaid"],
  ["Pagar depois do prazo", "O Pix chegou depois do prazo", "paid_late"],
  ["Pagar de outra pessoa (recusado)", "A Avenia recusou este Pix", "refused"],
  ["Deixar o código vencer", "O código venceu", "expired"],
  ["Pagar e deixar em análise", "Seu Pix está em análise", "held"],
] as const;

test("every other end of a Pix is said as it is, and nothing enters the balance", async ({ page, context, newPerson, signInAs, db }) => {
  test.setTimeout(240_000);
  const person = await newPerson();
  await signInAs(context, person);
  await page.goto("/add");
  await judge(page, "Aprovar");
  await expect(page.getByLabel("Quanto você vai adicionar")).toBeVisible({ timeout: SLOW_MS });

  for (const [way, title, status] of ENDS) {
    await openCode(page);
    await payAtBank(page, way);
    await expect(heading(page, title)).toBeVisible({ timeout: SLOW_MS });
    await expect.poll(async () => (await db`SELECT status FROM top_ups WHERE user_id = ${person.userId} ORDER BY id DESC LIMIT 1`)[0]?.["status"]).toBe(status);
    await expectAccessible(page);
    await shot(page, status);
  }
  const [balance] = await db`SELECT balance::text FROM token_balances WHERE user_id = ${person.userId} AND chain_id = '84532' AND store_id IS NULL`;
  expect(balance).toEqual({ balance: "0" });

  // Twice: the first counts, the second is named.
  await openCode(page, "50,00");
  await payAtBank(page, "Pagar duas vezes");
  await expect(heading(page, "Já está no seu saldo")).toBeVisible({ timeout: SLOW_MS });
  await expect(page.getByText("O segundo Pix volta para a sua conta no banco.")).toBeVisible();
  await shot(page, "paid_twice");

  // Whoever left the page finds each one again.
  await page.goto("/add");
  await expect(page.getByRole("list", { name: "Seus Pix para adicionar" }).getByRole("listitem")).toHaveCount(5);
  await expectAccessible(page);
  await shot(page, "list");
});
