import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { sql } from "@/db/client";
import { makePerson } from "@/lib/test/factories";
import { SoftwarePasskey } from "@/lib/test/software-authenticator";
import type { Actor, Visitor } from "../actor";
import { addPasskey, newPasskeyOptions } from "./add-passkey";
import { userHandleOf } from "./relying-party";
import { passkeySignInRequest, signInByPasskey } from "./sign-in-by-passkey";
import { passkeyStepUpRequest, stepUpByPasskey } from "./step-up-by-passkey";

const device = (): Visitor => ({ ip: null, userAgent: null, deviceId: randomBytes(16).toString("base64url"), locale: "pt-BR" });
let actor: Actor;
beforeEach(async () => {
  actor = (await makePerson()).actor;
  await sql`UPDATE users SET created_at = now() - interval '60 days' WHERE id = ${actor.userId}`;
});
async function add() {
  const passkey = new SoftwarePasskey(userHandleOf(actor.userId), "ES256");
  await addPasskey(actor, { passkey: passkey.create((await newPasskeyOptions(actor)).challenge), derived: null });
  return passkey;
}
const confirmWith = async (passkey: SoftwarePasskey) => stepUpByPasskey(actor, passkey.get((await passkeyStepUpRequest(actor)).challenge));
async function signInWith(passkey: SoftwarePasskey) {
  const { sessionId } = await signInByPasskey(device(), { answer: passkey.get((await passkeySignInRequest()).challenge), derived: null });
  return (await sql`SELECT stepped_up_at IS NOT NULL AS "isConfirmed", limited_until IS NOT NULL AS "isHeldBack" FROM sessions WHERE id = ${sessionId}`)[0];
}
const pass = (hours: number) => sql`UPDATE passkeys SET created_at = created_at - make_interval(hours => ${hours}) WHERE user_id = ${actor.userId}`;

test("whoever holds an unlocked phone adds a first passkey and gains nothing for a day", async () => {
  const passkey = await add();
  await expect(confirmWith(passkey)).rejects.toMatchObject({ code: "step_up_waiting", details: { seconds: expect.any(Number) } });
  expect(await signInWith(passkey)).toEqual({ isConfirmed: false, isHeldBack: true });
  await expect(newPasskeyOptions(actor)).rejects.toMatchObject({ code: "step_up_required" });
  await pass(23);
  await expect(confirmWith(passkey)).rejects.toMatchObject({ code: "step_up_waiting" });
  await pass(2);
  await confirmWith(passkey);
  expect(await signInWith(passkey)).toEqual({ isConfirmed: true, isHeldBack: false });
});

test("a passkey that was confirmed with an older one counts at once, and so does one in an account of the same day", async () => {
  const first = await add();
  await pass(25);
  await confirmWith(first);
  const second = await add();
  await confirmWith(second);
  actor = (await makePerson()).actor;
  const own = await add();
  await confirmWith(own);
  expect(await signInWith(own)).toEqual({ isConfirmed: true, isHeldBack: false });
});
