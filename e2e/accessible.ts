import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const STILL_WITHIN_MS = 3_000;

/** Waits until whatever fades in or moves once has done so: a colour on its way is no colour to judge. */
export const stillness = (page: Page) =>
  page.evaluate(async (limitMs) => {
    const once = document.getAnimations().filter((animation) => animation.playState === "running" && animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.race([Promise.allSettled(once.map((animation) => animation.finished)), new Promise((resolve) => setTimeout(resolve, limitMs))]);
  }, STILL_WITHIN_MS);

/** No finding of axe on the page as it is now. `except`: what has an equal control elsewhere on the page, as pins that stand close have in the list. */
export async function expectAccessible(page: Page, what: string, { except }: { except?: string } = {}) {
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
  await stillness(page);
  const axe = new AxeBuilder({ page });
  const { violations } = await (except ? axe.exclude(except) : axe).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
}
