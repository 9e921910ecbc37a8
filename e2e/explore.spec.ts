import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";

/** Barra da Lagoa, where two of the sample stores are. */
const BARRA = { latitude: -27.5745, longitude: -48.4235 };

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("a stranger finds the stores, searches, filters, and meets nobody's empty shelf", async ({ page }) => {
      await page.goto("/explore");
      await expect(page.getByRole("list", { name: "Lojas" }).getByRole("link").first()).toBeVisible();
      await expect(page.getByText("A partir do centro de Florianópolis.")).toBeVisible();
      await expectAccessible(page, "explore", { except: ".maplibregl-marker" });

      await page.getByRole("searchbox").fill("cafe da pr");
      await page.getByRole("button", { name: "Buscar" }).click();
      await expect(page.getByRole("heading", { name: "1 loja encontrada" })).toBeVisible();
      await expect(page.getByRole("list", { name: "Lojas" }).getByRole("link", { name: /Café da Praia/ })).toBeVisible();

      await page.goto("/explore?category=sport");
      await expect(page.getByRole("list", { name: "Lojas" }).getByRole("link")).toHaveCount(1);

      await page.goto("/explore?q=%3Cscript%3Eoficina");
      await expect(page.getByRole("heading", { name: "Nenhuma loja para “<script>oficina”" })).toBeVisible();
      await expectAccessible(page, "explore, empty", { except: ".maplibregl-marker" });
      await page.getByRole("link", { name: /Ver todas as/ }).click();
      await expect(page.getByRole("list", { name: "Lojas" })).toBeVisible();
    });
  });
}

test("asked for at a tap only: refused it says so and the list stays; allowed it sorts by distance", async ({ page, context }) => {
  await page.goto("/explore");
  await page.getByRole("button", { name: "Perto de mim" }).click();
  await expect(page.getByText("Sem a sua localização, mostramos a partir do centro")).toBeVisible();
  await expect(page.getByRole("list", { name: "Lojas" }).getByRole("link").first()).toBeVisible();

  await context.grantPermissions(["geolocation"]);
  await context.setGeolocation(BARRA);
  await page.reload();
  await page.getByRole("button", { name: "Perto de mim" }).click();
  await page.waitForURL(/near=-27\.57\d%2C-48\.42\d/);
  await expect(page.getByRole("heading", { name: /lojas? perto de você/ })).toBeVisible();
  await expect(page.getByRole("list", { name: "Lojas" }).getByRole("link").first()).toContainText(/(Café da Praia|Surf Shop Barra)[\s\S]*\d+ m/);
});

test("the map shows the stores or says why not, and never takes the list away", async ({ page, viewport }) => {
  await page.goto("/explore?view=map");
  const map = page.getByRole("region", { name: "Mapa das lojas" });
  await expect(map.first()).toBeVisible();
  await expect(map.first().getByRole("link", { name: "Café da Praia" }).or(page.getByText("Este aparelho não mostra o mapa"))).toBeVisible();
  // The library's own style must not take its box's height away.
  const canvas = page.locator(".maplibregl-canvas");
  if (await canvas.count()) expect((await canvas.first().boundingBox())?.height ?? 0).toBeGreaterThan(200);
  if (await canvas.count()) await expect(map.first().getByRole("link", { name: "Café da Praia" })).toBeInViewport();
  await expect(page.getByRole("list", { name: "Lojas" }).getByRole("link", { name: /Café da Praia/ })).toBeVisible();
  if ((viewport?.width ?? 0) < 1024) await expect(page.getByRole("navigation", { name: "Como ver" })).toBeVisible();
  await expectAccessible(page, "explore, map", { except: ".maplibregl-marker" });
});

test("a store's own page: what it is, the way to pay, and a picture for its link", async ({ page, sampleStore }) => {
  const answer = await page.goto(`/explore/${sampleStore.storeId}`);
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole("heading", { name: sampleStore.name, level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Pagar nesta loja" })).toHaveAttribute("href", `/p/${sampleStore.shortCode}`);
  await expectAccessible(page, "public store");
  const picture = await page.locator('meta[property="og:image"]').getAttribute("content");
  const image = await page.request.get(new URL(picture ?? "").pathname + new URL(picture ?? "").search);
  expect(image.headers()["content-type"]).toBe("image/png");
  await page.goto("/explore/CAFE");
  await expect(page.getByRole("heading", { name: sampleStore.name, level: 1 })).toBeVisible();
  expect((await page.goto("/explore/NOBODY"))?.status()).toBe(404);
});

test("Explorar is a tab of everybody's own pages", async ({ page, context, newPerson, signInAs }) => {
  await signInAs(context, await newPerson());
  await page.goto("/");
  await page.getByRole("navigation", { name: "Principal" }).getByRole("link", { name: "Explorar" }).locator("visible=true").click();
  await expect(page).toHaveURL(/\/explore$/);
  await expect(page.getByRole("navigation", { name: "Principal" }).getByRole("link", { name: "Explorar" }).locator("visible=true")).toHaveAttribute("aria-current", "page");
});
