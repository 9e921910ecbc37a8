import { expectAccessible } from "./accessible";
import { makeCharge } from "./till-pages";
import { expect, pay, paidCode, reviewPayment, test } from "./fixtures";

const THEMES = ["light", "dark"] as const;

for (const colorScheme of THEMES) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme, reducedMotion: "reduce" } as { colorScheme: "light" | "dark" });

    test("pages for strangers", async ({ page, sampleStore }) => {
      for (const path of ["/", "/login", "/scan", `/p/${sampleStore.shortCode}`, "/p/ZZZZ99", "/nowhere", "/sandbox"]) {
        await page.goto(path);
        await expectAccessible(page, path);
      }
    });

    test("a person's pages, from the amount to the receipt", async ({ page, context, newPerson, sampleStore, signInAs }) => {
      await signInAs(context, await newPerson({ dollars: 50 }));
      for (const path of ["/", "/activity", "/profile", "/stores", "/stores/new"]) {
        await page.goto(path);
        await expectAccessible(page, path);
      }
      await reviewPayment(page, sampleStore.shortCode, "5,00");
      await expectAccessible(page, "review");
      await pay(page, sampleStore.shortCode, "5,00");
      await expectAccessible(page, "paid");
      await page.goto(`${page.url()}/receipt`);
      await expectAccessible(page, "receipt");
      await page.goto("/");
      await expectAccessible(page, "home with rewards");
      await page.goto("/activity");
      await expectAccessible(page, "activity with a payment");
    });

    test("who moves the money, and the way to take it over", async ({ page, context, newPerson, signInAs }) => {
      await signInAs(context, await newPerson());
      for (const path of ["/security/custody", "/security/custody/takeover", "/security/custody/export"]) {
        await page.goto(path);
        await expectAccessible(page, path);
      }
      await page.goto("/security/custody");
      await page.getByRole("button", { name: "Conferir agora" }).click();
      await expect(page.getByTestId("check-result")).toHaveAttribute("data-result", "managed");
      await expectAccessible(page, "custody, checked");
      await page.goto("/security/custody/takeover");
      await page.getByRole("button", { name: "Começar" }).click();
      await expectAccessible(page, "takeover, first owner");
    });

    test("a store's pages, and the green till", async ({ page, context, browser, baseURL, viewport, newPerson, samplePerson, sampleStore, signInAs }) => {
      await signInAs(context, await samplePerson("owner"));
      const store = `/stores/${sampleStore.storeId}`;
      for (const path of ["/stores", store, `${store}/qr`, `${store}/payments`, `${store}/till`]) {
        await page.goto(path);
        await expectAccessible(page, path);
      }
      const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport });
      await signInAs(payerContext, await newPerson({ dollars: 20 }));
      const payer = await payerContext.newPage();
      await pay(payer, sampleStore.shortCode, "2,00");
      await paidCode(payer);
      await expect(page.getByTestId("till-paid")).toBeVisible();
      await expectAccessible(page, "till, paid");
      await payerContext.close();
    });

    test("a charge, at the till and on the phone", async ({ page, context, browser, baseURL, viewport, newPerson, samplePerson, sampleStore, signInAs }) => {
      await signInAs(context, await samplePerson("owner"));
      const chargeId = await makeCharge(page, sampleStore.storeId, "5,00");
      await expectAccessible(page, "till, charge");
      const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport, colorScheme });
      await signInAs(payerContext, await newPerson({ dollars: 20 }));
      const payer = await payerContext.newPage();
      await payer.goto(`/c/${chargeId}`);
      await expect(payer.getByTestId("charge-open")).toBeVisible();
      await expectAccessible(payer, "charge, open");
      await page.getByRole("button", { name: "Cancelar", exact: true }).click();
      await expect(payer.getByTestId("charge-cancelled")).toBeVisible({ timeout: 20_000 });
      await expectAccessible(payer, "charge, cancelled");
      await payerContext.close();
    });

    test("what staff may not see", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
      await signInAs(context, await samplePerson("staff"));
      await page.goto(`/stores/${sampleStore.storeId}/payments`);
      await expectAccessible(page, "payments, forbidden");
    });
  });
}
