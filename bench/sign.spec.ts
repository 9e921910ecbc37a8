import { Authenticator } from "../e2e/authenticator";
import { addPasskey, beginTakeover, choosePasskey, chooseWords, confirmTakeover, stepUp, untilOnlyYou } from "../e2e/custody-pages";
import { expect, paidCode, payButton, reviewPayment, test } from "../e2e/fixtures";
import { machine, percentile } from "./measure";

const PAYMENTS = Number(process.env.BENCH_PAYMENTS ?? 40);
const TARGET_MS = 400;

type Sample = { tappedAt: number; acceptedAt: number; authenticatorMs: number };

/** From the tap on "Pagar" to the server's word that it took the signature, on the phone's own clock, less what the authenticator took. */
test("tap to signature accepted", async ({ page, context, newPerson, sampleStore, signInAs, db }) => {
  test.setTimeout(900_000);
  const payer = await newPerson({ dollars: 400 });
  await signInAs(context, payer);
  await Authenticator.attach(page);
  await addPasskey(page);
  await stepUp(db, payer.userId);
  await beginTakeover(page);
  await choosePasskey(page);
  await chooseWords(page);
  await confirmTakeover(page);
  await untilOnlyYou(page);

  await page.addInitScript(() => {
    const times = window as Window & { sample?: Partial<Sample> };
    times.sample = { authenticatorMs: 0 };
    addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("button")?.textContent?.startsWith("Pagar")) times.sample!.tappedAt = performance.now();
    }, true);
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = async (options) => {
      const startedAt = performance.now();
      try {
        return await get(options);
      } finally {
        times.sample!.authenticatorMs! += performance.now() - startedAt;
      }
    };
    const ask = window.fetch.bind(window);
    window.fetch = async (input, init) => {
      const isSignature = init?.body instanceof FormData && [...init.body.keys()].some((name) => name.endsWith("signature"));
      const answer = await ask(input, init);
      if (isSignature) times.sample!.acceptedAt = performance.now();
      return answer;
    };
  });

  const samples: Sample[] = [];
  for (let turn = 0; turn < PAYMENTS; turn += 1) {
    await reviewPayment(page, sampleStore.shortCode, "5,00");
    await page.evaluate(() => ((window as Window & { sample?: Partial<Sample> }).sample = { authenticatorMs: 0 }));
    // A phase of its own for each: taps do not wait for blocks.
    await page.waitForTimeout((turn * 377) % 1_000);
    await payButton(page).click();
    await page.waitForURL("**/payments/**");
    samples.push(await page.evaluate(() => (window as Window & { sample?: Sample }).sample!));
    await paidCode(page);
  }
  const whole = samples.map(({ tappedAt, acceptedAt }) => acceptedAt - tappedAt);
  const own = samples.map(({ tappedAt, acceptedAt, authenticatorMs }) => acceptedAt - tappedAt - authenticatorMs);
  for (const ms of own) expect(Number.isFinite(ms)).toBe(true);
  const shown = (values: number[]) => `p50 ${Math.round(percentile(values, 0.5))} ms, p95 ${Math.round(percentile(values, 0.95))} ms`;
  console.log(`bench:sign on ${machine()}; ${PAYMENTS} payments, 1-second blocks, browser, web, worker, database and chains on the same cores`);
  console.log(`  tap -> signature accepted, without the authenticator's own time: ${shown(own)} (target p50 ${TARGET_MS})`);
  console.log(`  tap -> signature accepted, with it: ${shown(whole)}; the authenticator alone: ${shown(samples.map(({ authenticatorMs }) => authenticatorMs))}`);
});
