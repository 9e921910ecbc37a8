import { expect, paidCode, payButton, reviewPayment, test } from "../e2e/fixtures";
import { machine, percentile } from "./measure";

const PAYMENTS = Number(process.env.BENCH_PAYMENTS ?? 50);
const TARGET_MS = { p50: 1_200, p95: 3_000 };

/** From the tap on confirm, on the phone's own clock, to the green view in the till's document; 1-second blocks. */
test("confirm tapped to till green", async ({ browser, baseURL, newPerson, samplePerson, sampleStore, signInAs }) => {
  const tillContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport: { width: 1024, height: 768 } });
  await signInAs(tillContext, await samplePerson("owner"));
  const till = await tillContext.newPage();
  await till.addInitScript(() => {
    const seen = window as Window & { greenAt?: number | undefined };
    new MutationObserver(() => {
      if (!document.querySelector('[data-testid="till-paid"]')) seen.greenAt = undefined;
      else seen.greenAt ??= Date.now();
    }).observe(document, { childList: true, subtree: true });
  });
  await till.goto(`/stores/${sampleStore.storeId}/till`);
  await expect(till.getByText("Vendas de hoje").first()).toBeVisible();

  const payerContext = await browser.newContext({ baseURL: baseURL ?? "", locale: "pt-BR", viewport: { width: 390, height: 844 } });
  await signInAs(payerContext, await newPerson({ dollars: 400 }));
  const phone = await payerContext.newPage();
  await phone.addInitScript(() => {
    const tapped = window as Window & { tappedAt?: number };
    addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("button")?.textContent?.startsWith("Pagar")) sessionStorage.setItem("tappedAt", String((tapped.tappedAt = Date.now())));
    }, true);
  });

  const samples: number[] = [];
  for (let turn = 0; turn < PAYMENTS; turn += 1) {
    await reviewPayment(phone, sampleStore.shortCode, "5,00");
    // A phase of its own for each: taps do not wait for blocks.
    await phone.waitForTimeout((turn * 377) % 1_000);
    await payButton(phone).click();
    await expect(till.getByTestId("till-paid")).toBeVisible({ timeout: 30_000 });
    const greenAt = await till.evaluate(() => (window as Window & { greenAt?: number }).greenAt ?? 0);
    const tappedAt = Number(await phone.evaluate(() => sessionStorage.getItem("tappedAt")));
    samples.push(greenAt - tappedAt);
    await paidCode(phone);
    await till.getByRole("button", { name: "Próxima venda" }).click();
    await expect(till.getByTestId("till-paid")).toHaveCount(0);
  }
  const [p50, p95] = [percentile(samples, 0.5), percentile(samples, 0.95)];
  console.log(`bench:latency on ${machine()}; ${PAYMENTS} payments, 1-second blocks, browser, web, worker, database and chains on the same cores`);
  console.log(`  confirm tapped -> till green: p50 ${p50} ms (target ${TARGET_MS.p50}), p95 ${p95} ms (target ${TARGET_MS.p95}), slowest ${Math.max(...samples)} ms`);
  await Promise.all([tillContext.close(), payerContext.close()]);
});
