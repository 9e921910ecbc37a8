import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@/lib/dev/ports";
import { expect, pay, stackVariable, test } from "./fixtures";

const launcher = fileURLToPath(new URL("../lib/dev/launch.mjs", import.meta.url));
let second: ChildProcess;
let secondUrl: string;

test.beforeAll(async ({ playwright }) => {
  const port = await freePort();
  secondUrl = `http://localhost:${port}`;
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port) } as unknown as NodeJS.ProcessEnv;
  second = spawn(process.execPath, [launcher, "web", "--env", join(stackVariable("E2E_DATA_DIR"), "web.env")], { env, stdio: "ignore" });
  const request = await playwright.request.newContext();
  await expect.poll(() => request.get(`${secondUrl}/api/health`).then((answer) => answer.status(), () => 0), { timeout: 30_000 }).toBe(200);
  await request.dispose();
});

test.afterAll(async () => {
  const gone = new Promise((resolve) => second.once("exit", resolve));
  second.kill("SIGTERM");
  await gone;
});

test("a till on one process turns green for a payment on the other", async ({ page, context, browser, newPerson, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("owner"));
  await page.goto(`/stores/${sampleStore.storeId}/till`);
  await expect(page.getByText("Vendas de hoje").first()).toBeVisible();
  const payerContext = await browser.newContext({ baseURL: secondUrl, locale: "pt-BR" });
  await signInAs(payerContext, await newPerson({ dollars: 20 }));
  const code = await pay(await payerContext.newPage(), sampleStore.shortCode, "8,00");
  await expect(page.getByTestId("till-paid").filter({ hasText: code })).toBeVisible();
  await payerContext.close();
});

test("a session that signs out on one process is refused on the other within a second", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson());
  const kept = await context.cookies();
  await page.goto(`${secondUrl}/activity`);
  await expect(page).toHaveURL(/\/activity/);
  await page.goto("/profile");
  await page.getByRole("button", { name: "Sair" }).click();
  await page.waitForURL((url) => url.pathname !== "/profile");
  await context.addCookies(kept);
  const answer = await context.request.get(`${secondUrl}/activity`, { maxRedirects: 0 });
  expect(answer.status()).toBeGreaterThanOrEqual(300);
  expect(answer.status()).toBeLessThan(400);
});

test("a device that is ended on one process is refused on the other within a second, and its open page leaves within five", async ({ page, context, browser, baseURL, newPerson, signInAs }) => {
  const person = await newPerson();
  await signInAs(context, person);
  const other = await browser.newContext({ baseURL: secondUrl, locale: "pt-BR" });
  await signInAs(other, person);
  const otherPage = await other.newPage();
  await otherPage.goto(`${secondUrl}/`);
  await expect(otherPage.getByTestId("balance-usd")).toBeVisible();
  await page.goto("/security/devices");
  await page.getByRole("button", { name: "Encerrar todos os outros" }).click();
  await expect(page.getByRole("button", { name: "Encerrar todos os outros" })).toHaveCount(0);
  const endedAt = Date.now();
  for (const url of [secondUrl, baseURL]) expect((await other.request.get(`${url}/activity`, { maxRedirects: 0 })).status()).toBe(307);
  expect(Date.now() - endedAt).toBeLessThan(1_000);
  await expect(otherPage.getByTestId("balance-usd")).toHaveCount(0, { timeout: 5_000 });
  await other.close();
});
