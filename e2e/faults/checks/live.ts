import assert from "node:assert/strict";
import type { Check } from "../check";
import { pay, loadForm, sendForm } from "../pages";
import { newPerson, signIn } from "../people";
import { until } from "../until";

/** Reads a till's event stream; `events` grows while it is open. */
async function openTill(origin: string, storeId: string, cookie: string) {
  const abort = new AbortController();
  const answer = await fetch(`${origin}/api/live/stores/${storeId}`, { headers: { cookie }, signal: abort.signal });
  assert.equal(answer.status, 200);
  const seen = { text: "" };
  const decoder = new TextDecoder();
  void (async () => {
    for await (const chunk of answer.body ?? []) seen.text += decoder.decode(chunk, { stream: true });
  })().catch(() => {});
  await until("the till's stream is ready", async () => seen.text.includes("event: ready"));
  return { seen, close: () => abort.abort() };
}

export const liveChecks: Check[] = [
  {
    name: "live: a till on one web process hears of a payment on the other",
    run: async (world) => {
      const { web, store } = world;
      const till = await openTill(web[1], store.storeId, await signIn(world, store.ownerId));
      const payer = await newPerson(world, 20_000_000n);
      const id = await pay(web[0], payer, store.shortCode, "2,00");
      const ms = await until("the till hears of it", async () => till.seen.text.includes(id), 20_000, 5);
      till.close();
      const told = till.seen.text.split("\n\n").filter((event) => event.includes("event: payment") && event.includes(id));
      assert.equal(told.length, 1);
      return `${ms} ms from the confirm's answer, told once`;
    },
  },
  {
    name: "live: a session that ends on one web process is refused on the other",
    run: async (world) => {
      const { web, store } = world;
      const owner = { cookie: await signIn(world, store.ownerId) };
      const till = await openTill(web[1], store.storeId, owner.cookie);
      const statusOn = (origin: string) => fetch(`${origin}/activity`, { headers: owner, redirect: "manual" }).then(({ status }) => status);
      assert.equal(await statusOn(web[1]), 200);
      const form = await loadForm(`${web[0]}/profile`, owner, "Sair");
      await sendForm(form, owner, {});
      const ms = await until("the other process refuses the session", async () => (await statusOn(web[1])) !== 200, 5_000, 5);
      const closed = await until("its open stream ends", async () => till.seen.text.includes("event: closed"), 6_000, 5);
      assert(ms < 1_000, `refused after ${ms} ms`);
      return `refused after ${ms} ms, the open stream closed after ${ms + closed} ms`;
    },
  },
];
