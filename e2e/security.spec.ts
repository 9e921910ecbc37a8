import AxeBuilder from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import { expect, newPhone, pay, payButton, paymentsOf, reviewPayment, sentCode, signInByPhone, test, typeCode } from "./fixtures";

async function expectAccessible(page: Page, what: string) {
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}

const notice = (page: Page, kind: string) => page.getByTestId(`notice-${kind}`);
const deviceRows = (page: Page) => page.getByRole("listitem").filter({ hasText: "Entrou" });

test("a new device is told to the old one, which freezes the account; nothing leaves it until a wait is over", async ({ page, context, browser, baseURL, viewport, newPerson, signInAs, db, sampleStore }) => {
  test.slow();
  const person = await newPerson({ dollars: 40 });
  await signInAs(context, person);
  await page.goto("/");
  await expect(notice(page, "new_device")).toHaveCount(0);

  const other = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
  const otherPage = await other.newPage();
  await signInByPhone(otherPage, person.phone);
  // Live, without a reload.
  await expect(notice(page, "new_device")).toContainText("Um novo aparelho entrou na sua conta");
  await expect(notice(otherPage, "new_device")).toHaveCount(0);
  await expectAccessible(page, "home with a notice");
  const [held] = await db`SELECT round(extract(epoch FROM limited_until - now()) / 3600)::int AS hours FROM sessions WHERE user_id = ${person.userId} AND device_hash IS NOT NULL`;
  expect(held?.hours).toBe(24);
  await pay(otherPage, sampleStore.shortCode, "5,00");
  await reviewPayment(otherPage, sampleStore.shortCode, "6,00");

  await notice(page, "new_device").getByRole("button", { name: "Não foi você?" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Congelar a conta" }).click();
  await expect(page.getByText("Sua conta está congelada")).toBeVisible();
  await expectAccessible(page, "home, frozen");

  // The stranger is out, and the owner too pays nothing.
  await payButton(otherPage).click();
  await expect(otherPage).toHaveURL(/\/login/);
  await page.goto(`/p/${sampleStore.shortCode}`);
  await page.getByLabel("Valor", { exact: true }).fill("7,00");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Sua conta está congelada" })).toBeVisible();
  expect(await paymentsOf(db, person.userId)).toHaveLength(1);

  await page.goto("/security/devices");
  await page.getByRole("button", { name: "Descongelar a conta" }).click();
  await page.getByRole("button", { name: /24 horas/ }).click();
  await expect(page.getByText(/Pedido|pedido/).first()).toBeVisible();
  await db`UPDATE step_up_waits SET ready_at = now() WHERE user_id = ${person.userId} AND purpose = 'unfreeze'`;
  await page.goto("/security/devices");
  await expectAccessible(page, "devices, frozen");
  await page.getByRole("button", { name: "Descongelar a conta" }).click();
  await expect(page.getByText("Sua conta está congelada")).toHaveCount(0);
  await pay(page, sampleStore.shortCode, "7,00");
  await other.close();
});

test("devices are listed, and one or all others end at once", async ({ page, context, browser, baseURL, newPerson, signInAs }) => {
  const person = await newPerson();
  await signInAs(context, person);
  const others: [BrowserContext, Page][] = [];
  for (let count = 0; count < 3; count += 1) {
    const other = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
    await signInAs(other, person);
    const otherPage = await other.newPage();
    await otherPage.goto("/activity");
    others.push([other, otherPage]);
  }
  await page.goto("/security");
  await page.getByRole("link", { name: /Aparelhos/ }).click();
  await expect(deviceRows(page)).toHaveCount(4);
  await expect(deviceRows(page).filter({ hasText: "Este aparelho" })).toHaveCount(1);
  await expectAccessible(page, "devices");
  await page.getByRole("button", { name: /^Encerrar Aparelho desconhecido/ }).first().click();
  await expect(deviceRows(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Encerrar todos os outros" }).click();
  await expect(deviceRows(page)).toHaveCount(1);
  for (const [other, otherPage] of others) {
    await otherPage.goto("/activity");
    await expect(otherPage).toHaveURL(/\/login/);
    await other.close();
  }
});

test("an ended session's open page leaves within five seconds", async ({ page, context, browser, baseURL, newPerson, signInAs }) => {
  const person = await newPerson();
  await signInAs(context, person);
  const other = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(other, person);
  const otherPage = await other.newPage();
  await otherPage.goto("/");
  await expect(otherPage.getByTestId("balance-usd")).toBeVisible();
  await page.goto("/security/devices");
  await page.getByRole("button", { name: "Encerrar todos os outros" }).click();
  await expect(otherPage.getByTestId("balance-usd")).toHaveCount(0, { timeout: 5_000 });
  await other.close();
});

test("a phone changes by the present phone's code in three days, and any device takes it back", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  await signInAs(context, person);
  const phone = newPhone();
  await page.goto("/security/phone");
  await expectAccessible(page, "phone");
  await page.getByLabel("Novo celular").fill(phone);
  await page.getByRole("button", { name: "Enviar código" }).click();
  await expect(page.getByText("Código enviado para")).toBeVisible();
  await typeCode(page, await sentCode(page, phone));
  await page.getByRole("button", { name: "Trocar o celular" }).click();
  await page.getByRole("button", { name: "Usar o celular de hoje" }).click();
  await expect(page.getByText("Código enviado para o celular de hoje")).toBeVisible();
  await expectAccessible(page, "phone, both codes");
  await typeCode(page, await sentCode(page, person.phone));
  await page.getByRole("button", { name: "Pedir a troca em 3 dias" }).click();
  await expect(page.getByText("Pedido feito.")).toBeVisible();
  const open = () => db`SELECT 1 FROM phone_changes WHERE user_id = ${person.userId} AND done_at IS NULL AND cancelled_at IS NULL`;
  expect(await open()).toHaveLength(1);
  await page.getByRole("button", { name: "Cancelar a troca" }).click();
  await expect.poll(open).toHaveLength(0);
  expect((await db`SELECT phone FROM users WHERE id = ${person.userId}`)[0]?.phone).toBe(person.phone);
});

test("Security is one list, reached from the profile", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson());
  await page.goto("/profile");
  await page.getByRole("link", { name: /Segurança/ }).click();
  await expect(page.getByRole("heading", { name: "Segurança" })).toBeVisible();
  for (const room of ["Quem pode mover o dinheiro", "Chaves de acesso", "Carteiras", "Aparelhos", "Limites", "Celular \\+55", "Meus dados"]) await expect(page.getByRole("link", { name: new RegExp(room) })).toBeVisible();
  await expectAccessible(page, "security");
});
