import { expect, newPhone, sentCode, signInByPhone, test, typeCode } from "./fixtures";

const home = (page: import("@playwright/test").Page) => page.getByTestId("balance-usd");

test("a new phone signs in, gives a name and sees its money", async ({ page, db }) => {
  const phone = newPhone();
  await signInByPhone(page, phone, "Rosa Martins");
  await expect(home(page)).toContainText("US$ 0,00");
  const [row] = await db`SELECT u.name, s.auth_method, s.token_hash, s.revoked_at FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.phone = ${phone}`;
  expect(row).toMatchObject({ name: "Rosa Martins", auth_method: "phone", revoked_at: null });
  const cookie = (await page.context().cookies()).find(({ name }) => name === "session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  expect(row?.token_hash).not.toBe(cookie?.value);
});

test("a wrong code says so and a right one still works; the used one never again", async ({ page, playwright, baseURL }) => {
  const phone = newPhone();
  await page.goto("/login");
  await page.getByLabel("Celular", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "Continuar" }).click();
  const code = await sentCode(page, phone);
  await typeCode(page, code === "111111" ? "222222" : "111111");
  await expect(page.getByRole("alert").filter({ hasText: "Código errado" })).toBeVisible();
  await typeCode(page, code);
  await page.waitForURL("**/login/name**");

  // The same code from another device, by the route that next-auth keeps open.
  const other = await playwright.request.newContext({ baseURL: baseURL ?? "", extraHTTPHeaders: { origin: baseURL ?? "" } });
  const { csrfToken } = (await (await other.get("/api/auth/csrf")).json()) as { csrfToken: string };
  const answer = await other.post("/api/auth/callback/phone", { form: { csrfToken, phone, code, json: "true" } });
  expect(answer.status()).toBe(401);
  expect((await other.storageState()).cookies.find(({ name }) => name === "session")).toBeUndefined();
  await other.dispose();
});

test("a number that is none gets a sentence", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel("Celular", { exact: true }).fill("123");
  await page.getByRole("button", { name: "Continuar" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "número não está completo" })).toBeVisible();
});

test("signing out ends the session at once, also for whoever kept the cookie", async ({ page, context, newPerson, signInAs, db }) => {
  const person = await newPerson();
  const sessionId = await signInAs(context, person);
  const kept = await context.cookies();
  await page.goto("/profile");
  await page.getByRole("button", { name: "Sair" }).click();
  await expect.poll(async () => (await db`SELECT revoked_at FROM sessions WHERE id = ${sessionId}`)[0]?.revoked_at).toBeTruthy();
  await context.addCookies(kept);
  await page.goto("/activity");
  await expect(page).toHaveURL(/\/login/);
});

test("whoever comes to a page without a session returns there after signing in", async ({ page, db }) => {
  const phone = newPhone();
  await page.goto("/activity");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("Celular", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "Continuar" }).click();
  await typeCode(page, await sentCode(page, phone));
  await page.waitForURL("**/login/name**");
  await page.getByLabel("Como você se chama?").fill("Davi");
  await page.getByRole("button", { name: "Continuar" }).click();
  await page.waitForURL("**/activity");
  expect((await db`SELECT count(*)::int AS count FROM users WHERE phone = ${phone}`)[0]?.count).toBe(1);
});
