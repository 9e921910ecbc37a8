import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { expect, test, type Person } from "./fixtures";
import { expectAccessible } from "./accessible";

const LONG_MS = 30_000;
// Several browsers at once, on a machine that may be shared.
test.setTimeout(120_000);

/** More by hand: E2E_RACES=20. */
const RACES = Number(process.env.E2E_RACES ?? 2);

const expectState = (page: Page, state: string) => expect(page.getByTestId("request-state")).toHaveAttribute("data-state", state, { timeout: LONG_MS });

async function makeRequest(page: Page, reais: string, note: string): Promise<string> {
  await page.goto("/receive");
  await page.getByRole("link", { name: "Pedir um valor" }).click();
  await page.getByLabel("Valor", { exact: true }).fill(reais);
  await page.getByLabel("Para o que é, se quiser").fill(note);
  await page.getByRole("button", { name: "Criar pedido" }).click();
  await page.waitForURL("**/q/**");
  return new URL(page.url()).pathname;
}

async function toReview(page: Page, path: string) {
  await page.goto(path);
  await page.getByRole("button", { name: "Continuar para pagar" }).click();
  await page.waitForURL("**/send/review**");
  const sure = page.getByRole("checkbox");
  await expect(page.getByRole("button", { name: /^Enviar R\$/ })).toBeVisible();
  if (await sure.count()) await sure.check();
}

type Opened = { context: BrowserContext; page: Page };
async function open(browser: Browser, baseURL: string | undefined, signInAs: (context: BrowserContext, person: Person) => Promise<string>, person: Person): Promise<Opened> {
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  await signInAs(context, person);
  return { context, page: await context.newPage() };
}

test("a request is paid by its link, once, and both sides see it", async ({ page, context, browser, baseURL, newPerson, signInAs }) => {
  const [ana, rafa] = [await newPerson({ name: "Ana Maria" }), await newPerson({ name: "Rafael Lima", dollars: 20 })];
  await signInAs(context, ana);
  const path = await makeRequest(page, "30,00", "trilha <script>alert(1)</script>");
  await expectState(page, "open");
  await expectAccessible(page, "own request");
  // Whoever asked does not pay, and a stranger signs in first.
  await expect(page.getByRole("button", { name: "Continuar para pagar" })).toHaveCount(0);
  const stranger = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR" });
  const strangers = await stranger.newPage();
  await strangers.goto(path);
  await expect(strangers.getByText("Ana M. pede")).toBeVisible();
  await expect(strangers.getByRole("link", { name: "Entrar para pagar" })).toBeVisible();
  await expectAccessible(strangers, "request, strangers");
  await stranger.close();

  const payer = await open(browser, baseURL, signInAs, rafa);
  await toReview(payer.page, path);
  await expect(payer.page.getByText("trilha <script>alert(1)</script>")).toBeVisible();
  await payer.page.getByRole("button", { name: /^Enviar R\$ 30,00/ }).click();
  await expect(payer.page.getByTestId("send-state")).toHaveAttribute("data-state", "done", { timeout: LONG_MS });
  await page.reload();
  await expectState(page, "paid");
  await expect(page.getByText("Pago por Rafael L.")).toBeVisible();
  await expectAccessible(page, "paid request");
  await payer.page.goto(path);
  await expect(payer.page.getByText("Você pagou este pedido.")).toBeVisible();
  await page.goto("/requests");
  await expect(page.getByText("trilha <script>alert(1)</script>")).toBeVisible();
  await expect(page.getByText("Pago", { exact: true })).toBeVisible();
  await expectAccessible(page, "requests");
  await payer.context.close();
});

test("two people pay one request in the same moment: one pays, the other is told", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  test.setTimeout(120_000 + RACES * 30_000);
  const [ana, one, two] = [await newPerson({ name: "Ana Maria" }), await newPerson({ dollars: 100 }), await newPerson({ dollars: 100 })];
  await signInAs(context, ana);
  const payers = [await open(browser, baseURL, signInAs, one), await open(browser, baseURL, signInAs, two)];
  for (let race = 1; race <= RACES; race += 1) {
    const path = await makeRequest(page, "5,50", "racha");
    for (const payer of payers) await toReview(payer.page, path);
    await Promise.all(payers.map((payer) => payer.page.getByRole("button", { name: /^Enviar R\$/ }).click()));
    const told = payers.map((payer) => payer.page.getByText("Este pedido já foi pago."));
    const sent = payers.map((payer) => payer.page.getByTestId("send-state"));
    const countOf = async (texts: Locator[]) => (await Promise.all(texts.map((text) => text.count()))).reduce((sum, count) => sum + count, 0);
    await expect.poll(() => countOf(told)).toBe(1);
    await expect.poll(() => countOf(sent), { timeout: LONG_MS }).toBe(1);
    const rows = await db`SELECT 1 FROM transactions WHERE to_user_id = ${ana.userId} AND purpose = 'request' AND status <> 'failed'`;
    expect(rows.length).toBe(race);
    const loser = payers[(await told[0]!.count()) === 1 ? 0 : 1]!;
    await loser.page.goto(path);
    await expect(loser.page.getByText("Este pedido já foi pago. Não pague de novo.")).toBeVisible();
  }
  await Promise.all(payers.map((payer) => payer.context.close()));
});

test("a cancelled request, an expired one and none at all say so", async ({ page, context, browser, baseURL, newPerson, signInAs, db }) => {
  const [ana, rafa] = [await newPerson({ name: "Ana Maria" }), await newPerson({ dollars: 20 })];
  await signInAs(context, ana);
  const path = await makeRequest(page, "5,50", "racha");
  const payer = await open(browser, baseURL, signInAs, rafa);
  await toReview(payer.page, path);
  await page.getByRole("button", { name: "Cancelar pedido" }).click();
  await expectState(page, "cancelled");
  await payer.page.getByRole("button", { name: /^Enviar R\$/ }).click();
  await expect(payer.page.getByText("Este pedido não vale mais.")).toBeVisible();
  await payer.page.goto(path);
  await expectState(payer.page, "cancelled");
  const old = await makeRequest(page, "5,50", "antigo");
  await db`UPDATE payment_requests SET expires_at = now() WHERE reference = ${old.split("/").at(-1)!}`;
  await payer.page.goto(old);
  await expectState(payer.page, "expired");
  await expectAccessible(payer.page, "expired request");
  await payer.page.goto(`/q/${"x".repeat(22)}`);
  await expect(payer.page.getByRole("heading", { name: "Não achamos este pedido" })).toBeVisible();
  await payer.context.close();
});

test("a wrong amount is refused where it was typed", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson());
  await page.goto("/requests");
  await expect(page.getByRole("heading", { name: "Nenhum pedido ainda" })).toBeVisible();
  await expectAccessible(page, "no requests");
  await page.goto("/requests/new");
  await page.getByRole("button", { name: "Criar pedido" }).click();
  await expect(page.getByText("Digite um valor.").first()).toBeVisible();
  await expectAccessible(page, "new request");
});
