import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "@/db/client";
import { DomainError } from "@/lib/errors";
import { makePerson, makeSession } from "@/lib/test/factories";
import { derOf, FLAGS, numbersOf, P256_ORDER, SoftwarePasskey, type Algorithm } from "@/lib/test/software-authenticator";
import type { Actor, Visitor } from "../actor";
import { newChallenge } from "../challenges";
import { addPasskey, newPasskeyOptions } from "./add-passkey";
import { derivedKeyRequest, proveDerivedAddress } from "./derived-address";
import { jsonField } from "./json-field";
import { userHandleOf } from "./relying-party";
import { DerivedProof, NewPasskey, PasskeyAnswer } from "./rules";
import { passkeySignInRequest, signInByPasskey } from "./sign-in-by-passkey";
import { passkeyStepUpRequest, stepUpByPasskey } from "./step-up-by-passkey";

/** Everything below passes the same door as the pages' posts: bounded JSON in a form field. */
const Answer = z.object({ answer: jsonField(PasskeyAnswer), derived: jsonField(DerivedProof.nullable()).optional() });
const Added = z.object({ passkey: jsonField(NewPasskey) });

const visitor: Visitor = { ip: "203.0.113.7", userAgent: "test", deviceId: "device-of-a-stranger-1", locale: "pt-BR" };
let actor: Actor;
let other: Actor;
let passkey: SoftwarePasskey;
let others: SoftwarePasskey;

async function newActor() {
  return makeSession((await makePerson()).actor);
}
async function addTo(who: Actor, made = new SoftwarePasskey(userHandleOf(who.userId))) {
  const { challenge } = await newPasskeyOptions(who);
  await addPasskey(who, { passkey: made.create(challenge), derived: made.derived(challenge) });
  return made;
}
const failureOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
    return "accepted";
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    if (error instanceof z.ZodError) return "invalid_input";
    throw error;
  }
};
const signIn = (answer: unknown, derived: unknown = null) => {
  const input = Answer.parse({ answer: JSON.stringify(answer), derived: JSON.stringify(derived) });
  return signInByPasskey(visitor, { answer: input.answer, derived: input.derived ?? null });
};
const stepUp = (who: Actor, answer: unknown) => stepUpByPasskey(who, Answer.parse({ answer: JSON.stringify(answer) }).answer);
const register = (who: Actor, made: unknown) => addPasskey(who, { passkey: Added.parse({ passkey: JSON.stringify(made) }).passkey, derived: null });
const flip = (text: string, at = 0) => {
  const bytes = Buffer.from(text, "base64url");
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes.toString("base64url");
};
const cut = (text: string, bytes: number) => Buffer.from(text, "base64url").subarray(0, bytes).toString("base64url");

beforeAll(async () => {
  other = await newActor();
  others = await addTo(other);
});
beforeEach(async () => {
  actor = await newActor();
  passkey = await addTo(actor);
});

type Vector = [name: string, answer: (challenge: string) => unknown, code?: string];

/** Answers to a sign-in that must all be refused, each with a fresh challenge of ours unless it says otherwise. */
const SIGN_IN: Vector[] = [
  ["another origin", (c) => passkey.get(c, { origin: "https://cocopay.evil.example" })],
  ["a sub-domain", (c) => passkey.get(c, { origin: "http://pay.localhost:3000" })],
  ["another port", (c) => passkey.get(c, { origin: "http://localhost:3001" })],
  ["https instead of http", (c) => passkey.get(c, { origin: "https://localhost:3000" })],
  ["the origin with a path", (c) => passkey.get(c, { origin: "http://localhost:3000/" })],
  ["the origin as a prefix", (c) => passkey.get(c, { origin: "http://localhost:3000.evil.example" })],
  ["no origin", (c) => passkey.get(c, { origin: "" })],
  ["origin null", (c) => passkey.get(c, { origin: "null" })],
  ["an app's origin", (c) => passkey.get(c, { origin: "android:apk-key-hash:AAAA" })],
  ["inside another's frame", (c) => passkey.get(c, { clientData: { crossOrigin: true } })],
  ["inside a frame with its top origin", (c) => passkey.get(c, { clientData: { crossOrigin: true, topOrigin: "https://evil.example" } })],
  ["a top origin without a frame", (c) => passkey.get(c, { clientData: { topOrigin: "https://evil.example" } })],
  ["another domain's hash", (c) => passkey.get(c, { rpId: "evil.example" })],
  ["a sub-domain's hash", (c) => passkey.get(c, { rpId: "pay.localhost" })],
  ["type webauthn.create", (c) => passkey.get(c, { type: "webauthn.create" })],
  ["type payment.get", (c) => passkey.get(c, { type: "payment.get" })],
  ["no type", (c) => passkey.get(c, { clientData: { type: undefined } })],
  ["nobody present", (c) => passkey.get(c, { flags: FLAGS.UV })],
  ["nobody verified", (c) => passkey.get(c, { flags: FLAGS.UP })],
  ["neither", (c) => passkey.get(c, { flags: 0 })],
  ["backed up but not eligible for it", (c) => passkey.get(c, { flags: FLAGS.UP | FLAGS.UV | FLAGS.BS })],
  ["extension data announced and missing", (c) => passkey.get(c, { flags: FLAGS.UP | FLAGS.UV | FLAGS.ED })],
  ["credential data announced and missing", (c) => passkey.get(c, { flags: FLAGS.UP | FLAGS.UV | FLAGS.AT })],
  ["another's signature", (c) => ({ ...passkey.get(c), signature: others.get(c).signature })],
  ["another's credential id", (c) => ({ ...passkey.get(c), credentialId: others.credentialId })],
  ["another's credential id and handle", (c) => ({ ...passkey.get(c), credentialId: others.credentialId, userHandle: others.userHandle })],
  ["another's handle", (c) => passkey.get(c, { handle: userHandleOf(other.userId) })],
  ["nobody's handle", (c) => passkey.get(c, { handle: userHandleOf(randomUUID()) })],
  ["no handle", (c) => passkey.get(c, { handle: null })],
  ["an empty handle", (c) => ({ ...passkey.get(c), userHandle: "" }), "invalid_input"],
  ["an unknown credential", (c) => new SoftwarePasskey(passkey.userHandle).get(c), "passkey_unknown"],
  ["the same id with another key", (c) => new SoftwarePasskey(passkey.userHandle, "ES256", undefined, passkey.credentialId).get(c)],
  ["the same id with another key's algorithm", (c) => new SoftwarePasskey(passkey.userHandle, "RS256", undefined, passkey.credentialId).get(c)],
  ["one bit of the signature", (c) => ({ ...passkey.get(c), signature: flip(passkey.get(c).signature, -1) })],
  ["one bit of the authenticator data", (c) => ({ ...passkey.get(c), authenticatorData: flip(passkey.get(c).authenticatorData, 36) })],
  ["one bit of the domain's hash", (c) => ({ ...passkey.get(c), authenticatorData: flip(passkey.get(c).authenticatorData, 0) })],
  ["client data with a space more", (c) => ({ ...passkey.get(c), clientDataJson: Buffer.from(`${Buffer.from(passkey.get(c).clientDataJson, "base64url").toString()} `).toString("base64url") })],
  ["client data that is no JSON", (c) => ({ ...passkey.get(c), clientDataJson: Buffer.from(`{"challenge":"${c}"`).toString("base64url") })],
  ["client data that is a list", (c) => ({ ...passkey.get(c), clientDataJson: Buffer.from(`["${c}"]`).toString("base64url") })],
  ["client data that is no UTF-8", (c) => ({ ...passkey.get(c), clientDataJson: Buffer.of(0xff, 0xfe, 0x7b).toString("base64url") })],
  ["client data without a challenge", (c) => passkey.get(c, { clientData: { challenge: undefined } })],
  ["a challenge that is a number", (c) => passkey.get(c, { clientData: { challenge: 7 } })],
  ["a challenge with padding", (c) => passkey.get(`${c}=`)],
  ["a challenge one letter short", (c) => passkey.get(c.slice(0, -1))],
  ["a challenge that we never gave", () => passkey.get(randomBytes(32).toString("base64url")), "challenge_expired"],
  ["a signature cut short", (c) => ({ ...passkey.get(c), signature: cut(passkey.get(c).signature, 20) })],
  ["a signature of zeros", (c) => ({ ...passkey.get(c), signature: derOf(0n, 0n).toString("base64url") })],
  ["a signature (r, s + n)", (c) => {
    const { r, s } = numbersOf(Buffer.from(passkey.get(c).signature, "base64url"));
    return { ...passkey.get(c), signature: derOf(r, s + P256_ORDER).toString("base64url") };
  }],
  ["a signature that is no DER", (c) => ({ ...passkey.get(c), signature: randomBytes(64).toString("base64url") })],
  ["authenticator data cut short", (c) => ({ ...passkey.get(c), authenticatorData: cut(passkey.get(c).authenticatorData, 36) })],
  ["authenticator data with bytes left over", (c) => ({ ...passkey.get(c), authenticatorData: Buffer.concat([Buffer.from(passkey.get(c).authenticatorData, "base64url"), Buffer.of(0)]).toString("base64url") })],
  ["no signature", (c) => ({ ...passkey.get(c), signature: "" }), "invalid_input"],
  ["an oversized signature", (c) => ({ ...passkey.get(c), signature: "A".repeat(1_001) }), "invalid_input"],
  ["an oversized credential id", (c) => ({ ...passkey.get(c), credentialId: "A".repeat(513) }), "invalid_input"],
  ["an oversized client data", (c) => ({ ...passkey.get(c), clientDataJson: "A".repeat(2_001) }), "invalid_input"],
  ["an oversized authenticator data", (c) => ({ ...passkey.get(c), authenticatorData: "A".repeat(2_001) }), "invalid_input"],
  ["an oversized handle", (c) => ({ ...passkey.get(c), userHandle: "A".repeat(101) }), "invalid_input"],
  ["base64 with + and /", (c) => ({ ...passkey.get(c), signature: "ab+/" }), "invalid_input"],
  ["base64 with padding", (c) => ({ ...passkey.get(c), signature: "abc=" }), "invalid_input"],
  ["a field that we don't know", (c) => ({ ...passkey.get(c), clientExtensionResults: { prf: { results: { first: "AAAA" } } } }), "invalid_input"],
  ["a field missing", (c) => ({ ...passkey.get(c), authenticatorData: undefined }), "invalid_input"],
  ["a field of another type", (c) => ({ ...passkey.get(c), signature: { toString: "x" } }), "invalid_input"],
  ["a list", (c) => [passkey.get(c)], "invalid_input"],
  ["null", () => null, "invalid_input"],
  ["twenty thousand letters", () => "A".repeat(20_000), "invalid_input"],
];

describe("a sign-in is refused", () => {
  test.each(SIGN_IN)("with %s", async (_name, answer, code = "passkey_refused") => {
    const { challenge } = await passkeySignInRequest();
    expect(await failureOf(() => signIn(answer(challenge)))).toBe(code);
    expect(await sql`SELECT id FROM sessions WHERE user_id IN (${actor.userId}, ${other.userId}) AND auth_method = 'passkey'`).toEqual([]);
  });

  test("the honest answer beside them is accepted", async () => {
    const { challenge } = await passkeySignInRequest();
    expect(await signIn(passkey.get(challenge))).toMatchObject({ userId: actor.userId });
  });

  test("with an answer that was used, also in its other valid half", async () => {
    const { challenge } = await passkeySignInRequest();
    const answer = passkey.get(challenge);
    await signIn(answer);
    const { r, s } = numbersOf(Buffer.from(answer.signature, "base64url"));
    expect(await failureOf(() => signIn(answer))).toBe("challenge_expired");
    expect(await failureOf(() => signIn({ ...answer, signature: derOf(r, P256_ORDER - s).toString("base64url") }))).toBe("challenge_expired");
  });

  test("with a second answer to a challenge that a wrong one used up", async () => {
    const { challenge } = await passkeySignInRequest();
    expect(await failureOf(() => signIn(passkey.get(challenge, { flags: 0 })))).toBe("passkey_refused");
    expect(await failureOf(() => signIn(passkey.get(challenge)))).toBe("challenge_expired");
  });

  test("when the challenge is over", async () => {
    const { challenge } = await passkeySignInRequest();
    await sql`UPDATE auth_challenges SET expires_at = now() - interval '1 second' WHERE consumed_at IS NULL`;
    expect(await failureOf(() => signIn(passkey.get(challenge)))).toBe("challenge_expired");
  });

  test.each(["passkey_registration", "passkey_step_up", "derived_key", "wallet_sign_in", "wallet_step_up"] as const)("with a challenge for %s", async (purpose) => {
    const challenge = await newChallenge(purpose, purpose.startsWith("wallet_sign") ? null : actor);
    expect(await failureOf(() => signIn(passkey.get(challenge)))).toBe("challenge_expired");
  });

  test("twenty at once with one answer make one session", async () => {
    const { challenge } = await passkeySignInRequest();
    const answer = passkey.get(challenge);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => failureOf(() => signIn(answer))));
    expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(["accepted", "challenge_expired"]));
  });

  test("of a person who deleted the account", async () => {
    const { challenge } = await passkeySignInRequest();
    await sql`UPDATE users SET deleted_at = now() WHERE id = ${actor.userId}`;
    expect(await failureOf(() => signIn(passkey.get(challenge)))).toBe("passkey_unknown");
  });
});

describe("the counter", () => {
  const countTo = async (signCount: number) => {
    const { challenge } = await passkeySignInRequest();
    return failureOf(() => signIn(passkey.get(challenge, { signCount })));
  };

  test.each([
    ["back", [5, 4]],
    ["still", [5, 5]],
    ["back to zero", [5, 0]],
    ["far back", [4_294_967_295, 1]],
  ])("that goes %s is refused, noted and told", async (_name, [first, second]) => {
    expect(await countTo(first!)).toBe("accepted");
    expect(await countTo(second!)).toBe("passkey_refused");
    expect(await sql`SELECT new_values FROM audit_logs WHERE user_id = ${actor.userId} AND action = 'passkey.refused'`).toEqual([{ new_values: { purpose: "passkey_sign_in", reason: "counter" } }]);
    expect(await sql`SELECT kind FROM notices WHERE user_id = ${actor.userId} AND kind = 'passkey_refused'`).toEqual([{ kind: "passkey_refused" }]);
    expect(await sql`SELECT sign_count::text FROM passkeys WHERE user_id = ${actor.userId}`).toEqual([{ sign_count: String(first) }]);
  });

  test("of a synced passkey stays zero, and one that grows goes on", async () => {
    expect([await countTo(0), await countTo(0), await countTo(1), await countTo(7)]).toEqual(["accepted", "accepted", "accepted", "accepted"]);
  });
});

describe("a step-up is refused", () => {
  test.each<[string, (challenge: string) => unknown, string]>([
    ["another person's passkey", (c) => others.get(c), "passkey_unknown"],
    ["another person's passkey with our handle", (c) => others.get(c, { handle: passkey.userHandle }), "passkey_unknown"],
    ["another's handle", (c) => passkey.get(c, { handle: others.userHandle }), "passkey_refused"],
    ["nobody verified", (c) => passkey.get(c, { flags: FLAGS.UP }), "passkey_refused"],
    ["another origin", (c) => passkey.get(c, { origin: "https://localhost" }), "passkey_refused"],
  ])("with %s", async (_name, answer, code) => {
    const { challenge } = await passkeyStepUpRequest(actor);
    expect(await failureOf(() => stepUp(actor, answer(challenge)))).toBe(code);
    expect(await sql`SELECT stepped_up_at FROM sessions WHERE id = ${actor.sessionId}`).toEqual([{ stepped_up_at: null }]);
  });

  test("with a challenge of another session, another person or a sign-in", async () => {
    const elsewhere = await makeSession(actor);
    for (const challenge of [(await passkeyStepUpRequest(elsewhere)).challenge, (await passkeyStepUpRequest(other)).challenge, (await passkeySignInRequest()).challenge]) {
      expect(await failureOf(() => stepUp(actor, passkey.get(challenge)))).toBe("challenge_expired");
    }
  });

  test("and the honest answer needs no handle", async () => {
    const { challenge } = await passkeyStepUpRequest(actor);
    expect(await failureOf(() => stepUp(actor, passkey.get(challenge, { handle: null })))).toBe("accepted");
  });
});

describe("a new passkey is refused", () => {
  const made = () => new SoftwarePasskey(userHandleOf(actor.userId));
  const of = (algorithm: Algorithm) => new SoftwarePasskey(userHandleOf(actor.userId), algorithm);
  beforeEach(async () => {
    actor = await newActor();
  });

  test.each<Vector>([
    ["another origin", (c) => made().create(c, { origin: "https://evil.example" })],
    ["a sub-domain", (c) => made().create(c, { origin: "http://pay.localhost:3000" })],
    ["https instead of http", (c) => made().create(c, { origin: "https://localhost:3000" })],
    ["another domain's hash", (c) => made().create(c, { rpId: "evil.example" })],
    ["type webauthn.get", (c) => made().create(c, { type: "webauthn.get" })],
    ["inside another's frame", (c) => made().create(c, { clientData: { crossOrigin: true } })],
    ["nobody present", (c) => made().create(c, { flags: FLAGS.UV })],
    ["nobody verified", (c) => made().create(c, { flags: FLAGS.UP })],
    ["algorithm ES384", (c) => of("ES384").create(c)],
    ["algorithm ES256K", (c) => of("ES256K").create(c)],
    ["an id that is not its own", (c) => ({ ...made().create(c), credentialId: randomBytes(16).toString("base64url") })],
    ["a statement without a signature", (c) => made().create(c, {}, { attestation: (plain) => plain.set("attStmt", new Map([["alg", -7]])) })],
    ["an unknown kind of attestation", (c) => made().create(c, {}, { attestation: (plain) => plain.set("fmt", "coco") })],
    ["a certificate chain that our server would have to ask for", (c) => made().create(c, {}, { attestation: (plain, signed) => plain.set("fmt", "packed").set("attStmt", new Map<string, never>([["alg", -7 as never], ["sig", signed(Buffer.from(c)) as never], ["x5c", new Map() as never]])) })],
    ["a self attestation over something else", (c) => made().create(c, {}, { attestation: (plain, signed) => plain.set("fmt", "packed").set("attStmt", new Map<string, never>([["alg", -7 as never], ["sig", signed(Buffer.from(c)) as never]])) })],
    ["an attestation cut short", (c) => ({ ...made().create(c), attestationObject: cut(made().create(c).attestationObject, 60) })],
    ["an attestation of random bytes", (c) => ({ ...made().create(c), attestationObject: randomBytes(200).toString("base64url") })],
    ["a sign-in's authenticator data", (c) => made().create(c, {}, { attestation: (plain) => plain.set("authData", Buffer.from(passkey.get(c).authenticatorData, "base64url")) })],
    ["an oversized attestation", (c) => ({ ...made().create(c), attestationObject: "A".repeat(8_001) }), "invalid_input"],
    ["an oversized id", (c) => ({ ...made().create(c), credentialId: "A".repeat(513) }), "invalid_input"],
    ["a hundred transports", (c) => ({ ...made().create(c), transports: Array.from({ length: 100 }, () => "usb") }), "invalid_input"],
    ["a PRF output", (c) => ({ ...made().create(c), prf: "AAAA" }), "invalid_input"],
    ["another's passkey, registered again", (c) => others.create(c), "passkey_exists"],
  ])("with %s", async (_name, answer, code = "passkey_refused") => {
    const { challenge } = await newPasskeyOptions(actor);
    expect(await failureOf(() => register(actor, answer(challenge)))).toBe(code);
    expect(await sql`SELECT id FROM passkeys WHERE user_id = ${actor.userId}`).toEqual([]);
  });

  test("with a challenge that was used, of another session, of another person, or for something else", async () => {
    const first = await newPasskeyOptions(actor);
    await register(actor, made().create(first.challenge));
    expect(await failureOf(() => register(actor, made().create(first.challenge)))).toBe("challenge_expired");
    const fresh = await newActor();
    const elsewhere = await makeSession(fresh);
    const someone = await newActor();
    for (const challenge of [(await newPasskeyOptions(elsewhere)).challenge, (await newPasskeyOptions(someone)).challenge, (await passkeySignInRequest()).challenge]) {
      expect(await failureOf(() => register(fresh, made().create(challenge)))).toBe("challenge_expired");
    }
  });
});

describe("a derived address is refused", () => {
  const prove = async (change: (proof: DerivedProof, challenge: string) => DerivedProof) => {
    const [row] = await sql<{ id: string }[]>`SELECT id FROM passkeys WHERE user_id = ${actor.userId}`;
    const { challenge } = await derivedKeyRequest(actor, { passkeyId: row!.id });
    return failureOf(() => proveDerivedAddress(actor, { answer: passkey.get(challenge), derived: change(passkey.derived(challenge), challenge) }));
  };

  test.each<[string, (proof: DerivedProof, challenge: string) => DerivedProof]>([
    ["that differs from the one we know", (_proof, challenge) => others.derived(challenge)],
    ["with another key's signature", (proof, challenge) => ({ ...proof, signature: others.derived(challenge).signature })],
    ["with another address's name", (proof, challenge) => ({ ...proof, address: others.derived(challenge).address })],
    ["signed over another challenge", (proof) => ({ ...proof, signature: passkey.derived(randomBytes(32).toString("base64url")).signature })],
    ["with a garbled signature", (proof) => ({ ...proof, signature: `0x${"ff".repeat(65)}` })],
    ["with a signature of zeros", (proof) => ({ ...proof, signature: `0x${"00".repeat(65)}` })],
  ])("%s", async (_name, change) => {
    expect(await prove(change)).toBe("passkey_refused");
    expect(await sql`SELECT derived_address FROM passkeys WHERE user_id = ${actor.userId}`).toEqual([{ derived_address: passkey.derived("x").address }]);
  });

  test("at a sign-in too, which then does not happen", async () => {
    const { challenge } = await passkeySignInRequest();
    expect(await failureOf(() => signIn(passkey.get(challenge), others.derived(challenge)))).toBe("passkey_refused");
    expect(await sql`SELECT new_values->>'reason' AS reason FROM audit_logs WHERE user_id = ${actor.userId} AND action = 'passkey.refused'`).toEqual([{ reason: "address" }]);
    expect(await sql`SELECT id FROM sessions WHERE user_id = ${actor.userId} AND auth_method = 'passkey'`).toEqual([]);
  });

  test.each([
    ["an address in capitals", { address: `0x${"AB".repeat(20)}` }],
    ["a short address", { address: "0x12" }],
    ["a salt that we don't know", { saltVersion: 2 }],
    ["a key beside it", { privateKey: `0x${"11".repeat(32)}` }],
  ])("by shape: %s", (_name, change) => {
    expect(DerivedProof.safeParse({ ...passkey.derived("x"), ...change }).success).toBe(false);
  });
});
