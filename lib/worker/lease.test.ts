import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { LeaseLostError, tryLease, waitForLease } from "./lease";

const must = <T>(value: T | null): T => {
  if (value === null) throw new Error("expected a lease");
  return value;
};

test("one holder at a time; the next one follows when it releases", async () => {
  const first = must(await tryLease("one"));
  expect(await tryLease("one")).toBeNull();
  expect(await tryLease("another").then((lease) => lease?.release())).toBeUndefined();
  const waiting = waitForLease("one", new AbortController().signal);
  await first.release();
  const second = must(await waiting);
  expect(second.isHeld()).toBe(true);
  await second.release();
});

test("a wait ends with its signal", async () => {
  const held = must(await tryLease("busy"));
  const abort = new AbortController();
  const waiting = waitForLease("busy", abort.signal);
  abort.abort();
  expect(await waiting).toBeNull();
  await held.release();
});

test("a holder whose database session was ended cannot write any more", async () => {
  const lease = must(await tryLease("fragile"));
  const pid = await lease.transaction(async (tx) => must((await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`)[0] ?? null).pid);
  await sql`SELECT pg_terminate_backend(${pid})`;
  await expect(lease.transaction((tx) => tx`SELECT 1`)).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lease.isHeld()).toBe(false);
  await expect(lease.transaction((tx) => tx`SELECT 1`)).rejects.toThrow(LeaseLostError);
  const next = must(await tryLease("fragile"));
  await next.release();
  await lease.release();
});
