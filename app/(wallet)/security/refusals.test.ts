import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { beforeEach, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import { ownerProofMessage } from "@/lib/accounts/rules";
import { requestStepUpWait } from "@/lib/auth/request-step-up-wait";
import { optionalActor, startSession } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { sendSignInCode } from "@/lib/auth/send-sign-in-code";
import { resetFakeRequest } from "@/lib/test/fake-request";
import { makeAccountOf } from "@/lib/test/factories";
import { requestExportAction, startTakeoverAction } from "./custody/actions";
import { allowExportAction, deleteAccountAction } from "./data/actions";
import { askBackupAction } from "./recovery/actions";

vi.mock("next/headers", async () => (await import("@/lib/test/fake-request")).fakeNextHeaders());

// Nobody answers there: a key's proof is judged without its chain.
for (const chainId of ["84532", "11155420"]) process.env[`RPC_URL_${chainId}`] = "http://127.0.0.1:9";

let phones = 0;
let address = "";

/** Somebody who came by a code and has no other way in. */
beforeEach(async () => {
  resetFakeRequest();
  const phone = `+55489${String(41_000_000 + (phones += 1))}`;
  const visitor = await readVisitor();
  await sendSignInCode(visitor, { phone });
  const [message] = await sql<{ body: string }[]>`SELECT body FROM sandbox_messages WHERE to_phone = ${phone}`;
  const { userId } = await startSession(visitor, { phone, code: message!.body.slice(-6) });
  address = await makeAccountOf(userId);
});

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};

async function owner(name: string) {
  const key = privateKeyToAccount(generatePrivateKey());
  return { kind: "recovery_key", address: key.address.toLowerCase(), name, proof: await key.signMessage({ message: ownerProofMessage({ account: address, owner: key.address }) }) };
}

const ACTIONS: [string, () => Promise<unknown>][] = [
  ["custody", async () => startTakeoverAction(null, formOf({ owners: JSON.stringify([await owner("Uma"), await owner("Outra")]) }))],
  ["key_export", () => requestExportAction(null, formOf({ recipientKey: `B${"A".repeat(86)}` }))],
  ["data_export", () => allowExportAction(null, formOf({}))],
  ["account_deletion", () => deleteAccountAction(null, formOf({ sure: "on", givesUpBalance: "on" }))],
  ["backup_phone", () => askBackupAction(null, formOf({ phone: "48988776655", country: "BR" }))],
];

test.each(ACTIONS)("a code alone does not open %s: the action asks for more, then for a day's wait", async (purpose, call) => {
  expect(await call()).toMatchObject({ ok: false, code: "step_up_required", details: { purpose } });
  const actor = (await optionalActor())!;
  await requestStepUpWait(actor, { purpose: purpose as "custody" });
  const waiting = (await call()) as { code: string; details: { seconds: number } };
  expect(waiting.code).toBe("step_up_waiting");
  expect(waiting.details.seconds).toBeGreaterThan(86_000);
  // A right for one thing is none for another.
  const other = ACTIONS.find(([name]) => name !== purpose)!;
  expect(await other[1]()).toMatchObject({ ok: false, code: "step_up_required" });
  // One second short of a day is no day.
  await sql`UPDATE step_up_waits SET ready_at = now() + interval '1 second' WHERE user_id = ${actor.userId}`;
  expect(await call()).toMatchObject({ ok: false, code: "step_up_waiting" });
});
