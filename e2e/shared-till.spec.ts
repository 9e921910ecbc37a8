import type { Sql } from "postgres";
import { v7 } from "uuid";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { another, openTeamStore, typePin } from "./team-pages";
import { chargeAmount } from "./till-pages";

test("a shared till: PINs, wrong ones, a manager who stands in, the lock, and the way back to the own account", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(240_000);
  const owner = await newPerson({ name: "Helena Prado" });
  const nando = await newPerson({ name: "Nando Vieira" });
  const bia = await newPerson({ name: "Bia Rocha" });
  const storeId = await openTeamStore(db, owner, [{ person: nando, role: "admin" }, { person: bia, role: "staff" }]);

  // Each makes the own PIN in the own browser.
  const { context: others, page: other } = await another(browser, { baseURL, viewport });
  for (const [person, pin] of [[nando, "7391"], [owner, "2580"]] as const) {
    await others.clearCookies();
    await signInAs(others, person);
    await other.goto(`/stores/${storeId}/pin`);
    await other.getByLabel("PIN novo").fill("1234");
    await other.getByLabel("Repita o PIN").fill("1234");
    await other.getByRole("button", { name: "Guardar PIN" }).click();
    await expect(other.getByText("Use de 4 a 6 números, que não sejam fáceis de adivinhar.")).toBeVisible();
    await other.getByLabel("PIN novo").fill(pin);
    await other.getByLabel("Repita o PIN").fill(pin);
    await other.getByRole("button", { name: "Guardar PIN" }).click();
    await expect(other.getByText("PIN guardado.")).toBeVisible();
  }

  // The counter's device is signed in as the owner.
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/pin`);
  await page.getByRole("link", { name: "Configurar neste aparelho" }).click();
  await expectAccessible(page, "share form");
  await page.getByRole("button", { name: "Ligar neste aparelho" }).click();
  await expect(page.getByRole("heading", { name: "Quem está no caixa?" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Bia" })).toHaveCount(0);
  await expectAccessible(page, "who sells");

  // Nothing of the owner's is open here.
  for (const path of ["/", "/send", `/stores/${storeId}/team`, `/stores/${storeId}/pin`]) {
    await page.goto(path);
    await expect(page).toHaveURL(new RegExp(`/stores/${storeId}/till/leave`));
  }
  await expectAccessible(page, "leave");
  await page.getByRole("link", { name: "Voltar ao caixa" }).click();

  await page.getByRole("button", { name: "Nando" }).click();
  await typePin(page, "7390");
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page.getByText("PIN errado. Faltam 4 tentativas.")).toBeVisible();
  await expectAccessible(page, "wrong PIN");
  await typePin(page, "7391");
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page.getByText("Vendendo: Nando")).toBeVisible();
  await expect(page.getByText("Vendas de hoje").first()).toBeVisible();
  await page.getByRole("button", { name: "Bloquear" }).click();
  await expect(page.getByRole("heading", { name: "Quem está no caixa?" })).toBeVisible();

  // Bia has no PIN: a manager lets her sell, and that stays on the record.
  await page.getByRole("button", { name: "Liberar com gerente" }).click();
  await page.getByLabel("Quem vai vender").selectOption({ label: "Bia" });
  await page.getByLabel("Quem libera").selectOption({ label: "Nando" });
  await typePin(page, "7391");
  await expectAccessible(page, "override");
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page.getByText("Vendendo: Bia, liberado por Nando")).toBeVisible();
  expect(await db`SELECT user_id, override_by FROM till_sittings WHERE store_id = ${storeId} AND ended_at IS NULL`).toEqual([{ user_id: bia.userId, override_by: nando.userId }]);
  expect(await db`SELECT 1 FROM audit_logs WHERE action = 'till.overridden' AND resource_id = ${storeId}`).toHaveLength(1);
  await page.goto(`/stores/${storeId}/staff`);
  await expect(page.getByText("Bia · equipe")).toBeVisible();

  // She is removed while she sells: the till locks within five seconds.
  await page.goto(`/stores/${storeId}/till`);
  await expect(page.getByText("Vendendo: Bia, liberado por Nando")).toBeVisible();
  await others.clearCookies();
  await signInAs(others, owner);
  await other.goto(`/stores/${storeId}/team`);
  await other.getByRole("button", { name: "Mudar Bia Rocha" }).click();
  await other.getByRole("button", { name: "Remover da equipe" }).click();
  await other.getByRole("button", { name: "Remover", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Quem está no caixa?" })).toBeVisible({ timeout: 5_000 });

  // Five wrong ones lock a PIN; a colleague's stays good, and a manager unlocks it.
  await page.getByRole("button", { name: "Nando" }).click();
  for (let count = 0; count < 5; count += 1) {
    await typePin(page, "8642");
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
    await expect(page.getByText(["Faltam 4 tentativas", "Faltam 3 tentativas", "Faltam 2 tentativas", "Falta 1 tentativa", "Este PIN está bloqueado"][count]!)).toBeVisible();
    await expect(page.getByLabel("PIN de Nando")).toHaveValue("");
  }
  await other.reload();
  await other.getByRole("button", { name: "Mudar Nando Vieira" }).click();
  await other.getByRole("button", { name: "Liberar o PIN" }).click();
  await expect.poll(async () => (await db`SELECT locked_at FROM store_pins WHERE store_id = ${storeId} AND user_id = ${nando.userId}`)[0]?.["locked_at"] ?? null).toBeNull();
  await typePin(page, "7391");
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page.getByText("Vendendo: Nando")).toBeVisible();

  // Only the owner's PIN makes the device the owner's again.
  await page.goto(`/stores/${storeId}/team`);
  await typePin(page, "7391");
  await page.getByRole("button", { name: "Encerrar", exact: true }).click();
  await expect(page.getByText(/PIN errado/)).toBeVisible();
  await typePin(page, "2580");
  await page.getByRole("button", { name: "Encerrar", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Equipe", exact: true })).toBeVisible();
  await others.close();
});

test("a shared till locks by itself, and without the PIN the way out is out of the account", async ({ page, context, db, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const owner = await newPerson({ name: "Helena Prado" });
  const storeId = await openTeamStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/till/share`);
  await page.getByRole("link", { name: "Criar meu PIN" }).click();
  await page.getByLabel("PIN novo").fill("2580");
  await page.getByLabel("Repita o PIN").fill("2581");
  await page.getByRole("button", { name: "Guardar PIN" }).click();
  await expect(page.getByText("Os dois PINs são diferentes.")).toBeVisible();
  await page.getByLabel("PIN novo").fill("2580");
  await page.getByLabel("Repita o PIN").fill("2580");
  await page.getByRole("button", { name: "Guardar PIN" }).click();
  await expect(page.getByText("PIN guardado.")).toBeVisible();
  await page.goto(`/stores/${storeId}/till/share`);
  await page.getByLabel("Bloquear sozinho depois de").selectOption("1");
  await page.getByRole("button", { name: "Ligar neste aparelho" }).click();
  await page.getByRole("button", { name: "Helena" }).click();
  await typePin(page, "2580");
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page.getByText("Vendendo: Helena")).toBeVisible();
  await db`UPDATE till_sittings SET last_used_at = now() - interval '61 seconds' WHERE store_id = ${storeId}`;
  await expect(page.getByRole("heading", { name: "Quem está no caixa?" })).toBeVisible();
  await page.getByRole("link", { name: "Encerrar caixa compartilhado" }).click();
  await page.getByRole("button", { name: "Sair desta conta" }).click();
  await expect(page).toHaveURL(/\/login/);
});

/** A payment as the follower leaves it: of a charge, or of R$ 12,00 at the store's own code. */
async function landPayment(db: Sql, storeId: string, code: string, chargeId: string | null = null) {
  const id = v7();
  await db`
    INSERT INTO transactions (id, store_id, type, status, amount_usd, chain_id, confirmation_code, amount_brl_centavos, brl_per_usd, rate_at, charge_id, confirmed_at)
    SELECT ${id}, ${storeId}, 'payment', 'confirmed', coalesce(c.amount_usd, 2.18), '84532', ${code}, coalesce(c.amount_brl_centavos, 1200), coalesce(c.brl_per_usd, 5.5), now(), c.id, now()
    FROM (SELECT 1) one LEFT JOIN charges c ON c.id = ${chargeId}`;
  await db`UPDATE charges SET transaction_id = ${id} WHERE id = ${chargeId}`;
}

test("a shared till that locks itself while a code waits keeps the code, turns green for it alone, and then asks for the PIN", async ({ page, context, db, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const owner = await newPerson({ name: "Helena Prado" });
  const storeId = await openTeamStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/pin`);
  await page.getByLabel("PIN novo").fill("2580");
  await page.getByLabel("Repita o PIN").fill("2580");
  await page.getByRole("button", { name: "Guardar PIN" }).click();
  await expect(page.getByText("PIN guardado.")).toBeVisible();
  await page.goto(`/stores/${storeId}/till/share`);
  await page.getByLabel("Bloquear sozinho depois de").selectOption("1");
  await page.getByRole("button", { name: "Ligar neste aparelho" }).click();
  const enter = async () => {
    await page.getByRole("button", { name: "Helena" }).click();
    await typePin(page, "2580");
    await page.getByRole("button", { name: "Entrar", exact: true }).click();
    await expect(page.getByText("Vendendo: Helena")).toBeVisible();
  };
  await enter();
  const chargeId = await chargeAmount(page, "38,50");
  await db`UPDATE till_sittings SET last_used_at = now() - interval '61 seconds' WHERE store_id = ${storeId}`;

  // Locked: the amount and its code, and nothing that a passer-by could do or read.
  await expect(page.getByRole("heading", { name: "Quem está no caixa?" })).toBeVisible();
  await expect(page.getByTestId("locked-charge")).toContainText("38,50");
  await expect(page.getByTestId("locked-qr")).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancelar" })).toHaveCount(0);
  await expectAccessible(page, "locked while a charge waits");
  await page.reload();
  await expect(page.getByTestId("locked-qr")).toBeVisible();
  await landPayment(db, storeId, "QRSTU2");
  await page.getByRole("button", { name: "Helena" }).click();
  await expect(page.getByLabel("PIN de Helena")).toBeVisible();

  // Also in the middle of typing a PIN.
  await landPayment(db, storeId, "K7M2QX", chargeId);
  const green = page.getByTestId("till-paid");
  await expect(green).toBeVisible({ timeout: 5_000 });
  await expect(green).toHaveCount(1);
  await expect(green).toContainText("38,50");
  await expect(green.getByTestId("confirmation-code")).toHaveText("K7M2QX");
  await expectAccessible(page, "green on a locked till");
  await green.getByRole("button", { name: "Continuar com PIN" }).click();
  await expect(green).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Quem está no caixa?" })).toBeVisible();
  await expect(page.getByText("Vendas de hoje")).toHaveCount(0);
  await expect(page.getByTestId("locked-charge")).toHaveCount(0);
  await enter();
  await expect(page.getByText("K7M2QX").first()).toBeVisible();
  await expect(green).toHaveCount(0);
});
