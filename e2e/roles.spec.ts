import { expect, test } from "./fixtures";

const pages = (storeId: string) => [`/stores/${storeId}`, `/stores/${storeId}/till`, `/stores/${storeId}/qr`, `/stores/${storeId}/payments`];

test("a stranger finds no store behind its addresses", async ({ page, context, newPerson, sampleStore, signInAs }) => {
  await signInAs(context, await newPerson());
  for (const path of pages(sampleStore.storeId)) {
    const answer = await page.goto(path);
    expect([path, answer?.status()]).toEqual([path, 404]);
    await expect(page.getByText(sampleStore.name)).toHaveCount(0);
  }
  const live = await page.request.get(`/api/live/stores/${sampleStore.storeId}`);
  expect(live.status()).toBe(404);
});

test("without a session every page of a store asks to sign in", async ({ page, sampleStore }) => {
  for (const path of pages(sampleStore.storeId)) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/login/);
  }
});

test("staff use the till and are told why they see no more", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("staff"));
  expect((await page.goto(`/stores/${sampleStore.storeId}/till`))?.status()).toBe(200);
  await expect(page.getByText("Vendas de hoje").first()).toBeVisible();
  await page.goto(`/stores/${sampleStore.storeId}/payments`);
  await expect(page.getByText("só para donos e admins")).toBeVisible();
  await page.goto(`/stores/${sampleStore.storeId}`);
  await expect(page.getByText("Saldo da loja")).toHaveCount(0);
});

test("an admin sees all payments and not the balance", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("admin"));
  await page.goto(`/stores/${sampleStore.storeId}/payments`);
  await expect(page.getByText("38,50").first()).toBeVisible();
  await page.goto(`/stores/${sampleStore.storeId}`);
  await expect(page.getByText("Saldo da loja")).toHaveCount(0);
});

test("the owner sees everything", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("owner"));
  await page.goto(`/stores/${sampleStore.storeId}`);
  await expect(page.getByText("Saldo da loja").first()).toBeVisible();
  await page.goto(`/stores/${sampleStore.storeId}/payments`);
  await expect(page.getByText("38,50").first()).toBeVisible();
});

test("another person's payment and receipt are not found", async ({ page, context, newPerson, signInAs, db }) => {
  const [payment] = await db<{ id: string }[]>`SELECT id FROM transactions WHERE type = 'payment' ORDER BY created_at LIMIT 1`;
  await signInAs(context, await newPerson());
  for (const path of [`/payments/${payment?.id}`, `/payments/${payment?.id}/receipt`, `/payments/${payment?.id}/status`]) {
    expect([path, (await page.goto(path))?.status()]).toEqual([path, 404]);
  }
});
