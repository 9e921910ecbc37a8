import { prerender } from "react-dom/static";
import { createTranslator, NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { LOCALES, type Locale } from "@/lib/i18n/locale";
import { messagesOf } from "@/lib/i18n/messages";
import { comeAs, makeWorld, type World } from "@/lib/test/role-matrix/people";
import { makePaidRefund, makeSale, makeTill } from "@/lib/test/store-sales";
import { makeRate } from "@/lib/test/factories";

const shown = vi.hoisted(() => ({ locale: "pt-BR" as Locale }));
vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());
vi.mock("next/navigation", async (original) => ({ ...(await original<typeof import("next/navigation")>()), usePathname: () => "/", useRouter: () => ({ refresh: () => {} }) }));
vi.mock("next-intl/server", () => ({
  getLocale: async () => shown.locale,
  getTranslations: async (namespace: never) => createTranslator({ locale: shown.locale, messages: messagesOf(shown.locale), namespace, onError: (error) => { throw error; } }),
}));
await makeRate();
// As next.config has it.
process.env["__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS"] = "true";

let world: World;
const today = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" }).format(new Date());
const yearAgo = new Date(Date.now() - 360 * 86_400_000).toISOString().slice(0, 10);
beforeEach(async () => {
  world = await makeWorld();
  const { storeId, userIds } = world;
  const tillId = await makeTill({ storeId, createdBy: userIds.owner, name: "Balcão <i>" });
  const item = { itemId: "0190f5fe-0000-7000-8000-000000000001", name: "Pão & manteiga", quantity: 2, unitBrlCentavos: "1750" };
  const sale = await makeSale({ storeId, payerId: userIds.outsider, at: new Date(), brl: 3_850n, usd: 7_000_000n, tipBrl: 350n, tipUsd: 636_364n, rewardUsd: 350_000n, sellerId: userIds.staff, tillId, items: [item] });
  await makeSale({ storeId, at: new Date(), brl: 2_150n, usd: 4_000_000n, origin: "guest" });
  await makePaidRefund({ storeId, originalId: sale.id, requestedBy: userIds.owner, amountUsdMicros: 2_000_000n, amountBrlCentavos: 1_100n });
});

async function htmlOf(page: Promise<ReactNode>): Promise<string> {
  const { prelude } = await prerender(
    <NextIntlClientProvider locale={shown.locale} messages={messagesOf(shown.locale)} timeZone="America/Sao_Paulo" onError={(error) => { throw error; }}>
      {await page}
    </NextIntlClientProvider>,
    { onError: (error) => { throw error; } },
  );
  return (await new Response(prelude).text()).replaceAll("\u00a0", " ");
}
const props = (query: Record<string, string> = {}) => ({ params: Promise.resolve({ storeId: world.storeId }), searchParams: Promise.resolve(query) });
const pages = {
  overview: async (query = {}) => (await import("./stores/[storeId]/page")).default(props(query)),
  analytics: async (query = {}) => (await import("./stores/[storeId]/analytics/page")).default(props(query)),
  close: async (query = {}) => (await import("./stores/[storeId]/close-day/page")).default(props(query)),
  exports: async (query = {}) => (await import("./stores/[storeId]/exports/page")).default(props(query)),
};

test.each(LOCALES)("every page of figures is whole in %s, with one sum on all", async (locale) => {
  shown.locale = locale;
  await comeAs(world, "owner");
  const [gross, net] = locale === "en" ? ["R$60.00", "R$49.00"] : ["R$ 60,00", "R$ 49,00"];
  for (const open of [pages.overview, () => pages.analytics({ period: "day", on: today }), pages.analytics, () => pages.analytics({ period: "range", from: yearAgo, to: today }), pages.close]) {
    const html = await htmlOf(open());
    expect(html).toContain(net);
    expect(html).toContain(gross);
    expect(html).not.toMatch(/<i>|undefined|NaN|\{\w+\}/);
  }
  const files = await htmlOf(pages.exports());
  for (const kind of ["payments", "payouts", "statement", "ofx"]) expect(files).toContain(`/stores/${world.storeId}/exports/${kind}?format=`);
});

test("staff find their own sales at the close of the day and nothing else", async () => {
  shown.locale = "pt-BR";
  await comeAs(world, "staff");
  const html = await htmlOf(pages.close());
  expect(html).toContain("R$ 38,50");
  expect(html).not.toContain("R$ 60,00");
  expect(html).not.toContain("/exports/");
  for (const open of [pages.analytics, pages.exports, () => pages.close({ on: "2026-01-01" })]) await expect(open()).rejects.toMatchObject({ digest: expect.stringContaining("403") as string });
});

test("an admin sees figures and no balance; a stranger finds nothing", async () => {
  shown.locale = "pt-BR";
  await comeAs(world, "admin");
  const html = await htmlOf(pages.overview());
  expect(html).toContain("R$ 49,00");
  expect(html).not.toContain("Saldo da loja");
  expect(await htmlOf(pages.exports())).not.toContain("/exports/payouts?");
  await comeAs(world, "outsider");
  for (const open of [pages.overview, pages.analytics, pages.exports, pages.close]) await expect(open()).rejects.toMatchObject({ digest: expect.stringContaining("404") as string });
});
