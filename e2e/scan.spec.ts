import { browserWithCamera } from "./fake-camera";
import { expect, test } from "./fixtures";

test("a refused camera leaves the typed code", async ({ page, sampleStore }) => {
  await page.goto("/scan");
  await page.getByLabel("Código da loja").fill(sampleStore.shortCode.toLowerCase());
  await page.getByRole("button", { name: "Abrir", exact: true }).click();
  await page.waitForURL(`**/p/${sampleStore.shortCode}`);
});

test("an unknown typed code gets a sentence", async ({ page }) => {
  await page.goto("/scan");
  await page.getByLabel("Código da loja").fill("ZZZZ99");
  await page.getByRole("button", { name: "Abrir", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Não achamos esta loja" })).toBeVisible();
});

test("a code that imitates us is called out", async ({ baseURL, viewport, launchOptions }) => {
  const browser = await browserWithCamera("https://cocopay.evil.example/p/K7P4QX", launchOptions.executablePath);
  const page = await (await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, permissions: ["camera"] })).newPage();
  await page.goto("/scan");
  await expect(page.getByText("imita o CocoPay")).toBeVisible({ timeout: 20_000 });
  await browser.close();
});
