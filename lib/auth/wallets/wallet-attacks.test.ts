import { randomBytes } from "node:crypto";
import { zeroHash, type Hex } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { DomainError } from "@/lib/errors";
import { wrap6492 } from "@/lib/test/contract-wallets";
import { makePerson } from "@/lib/test/factories";
import { answer, CHAIN, fieldsOf, newKey, newVisitor, refused, request, withWallet, type Fields } from "@/lib/test/wallet-answers";
import type { Visitor } from "../actor";
import { askWalletSignature } from "./ask-signature";
import { WalletAnswer } from "./rules";
import { signInByWallet } from "./sign-in-by-wallet";

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain({ chainId: CHAIN });
  process.env["RPC_URL_11155420"] = "http://127.0.0.1:9";
});
afterAll(() => chain.stop());

/** Each takes a message of ours for this visitor and key, and brings what an attacker would. Signed by the right key unless it says otherwise. */
type Attack = (given: { fields: Fields; message: string; visitor: Visitor; account: PrivateKeyAccount }) => Promise<{ message?: string; signature?: Hex; visitor?: Visitor }> | { message?: string; signature?: Hex; visitor?: Visitor };
const write = (fields: Fields) => createSiweMessage(fields);
const minutes = (time: Date, count: number) => new Date(time.getTime() + count * 60_000);

const ATTACKS: Record<string, Attack> = {
  "another domain": ({ fields }) => ({ message: write({ ...fields, domain: "evil.example" }) }),
  "another domain with our address of the page": ({ fields }) => ({ message: write({ ...fields, domain: "cocopay.evil.example" }) }),
  "a look-alike domain": ({ message }) => ({ message: message.replace("localhost:3000 wants", "Iocalhost:3000 wants") }),
  "a domain with a letter of another alphabet": ({ message }) => ({ message: message.replace("localhost:3000 wants", "lоcalhost:3000 wants") }),
  "our domain as a subdomain of another": ({ fields }) => ({ message: write({ ...fields, domain: "localhost.evil.example" }) }),
  "our domain on another port": ({ fields }) => ({ message: write({ ...fields, domain: "localhost:3001" }) }),
  "our domain without the port": ({ fields }) => ({ message: write({ ...fields, domain: "localhost" }) }),
  "a scheme before the domain": ({ fields }) => ({ message: write({ ...fields, scheme: "https" }) }),
  "another page": ({ fields }) => ({ message: write({ ...fields, uri: "https://evil.example" }) }),
  "another page of ours": ({ fields }) => ({ message: write({ ...fields, uri: "http://localhost:3000/security" }) }),
  "an unknown nonce": ({ fields }) => ({ message: write({ ...fields, nonce: randomBytes(16).toString("hex") }) }),
  "a nonce with other letters": ({ message, fields }) => ({ message: message.replace(fields.nonce, fields.nonce.toUpperCase().replace(/\d/g, "A")) }),
  "an empty nonce": ({ message, fields }) => ({ message: message.replace(`Nonce: ${fields.nonce}`, "Nonce: ") }),
  "a nonce after its five minutes": async ({ message }) => {
    await sql`UPDATE auth_challenges SET expires_at = now() - interval '1 second' WHERE consumed_at IS NULL`;
    return { message };
  },
  "a nonce given for linking": async ({ fields, visitor, account }) => {
    const nonce = fieldsOf(await askWalletSignature("wallet_link", visitor, "pt-BR", { address: account.address, chainId: CHAIN })).nonce;
    return { message: write({ ...fields, nonce }) };
  },
  "a whole message given for confirming": async ({ visitor, account }) => ({ message: await askWalletSignature("wallet_step_up", visitor, "pt-BR", { address: account.address, chainId: CHAIN }) }),
  "a nonce given to a signed-in session": async ({ fields, account }) => {
    const { actor } = await makePerson();
    const nonce = fieldsOf(await askWalletSignature("wallet_sign_in", actor, "pt-BR", { address: account.address, chainId: CHAIN })).nonce;
    return { message: write({ ...fields, nonce }) };
  },
  "a message that another browser asked for": () => ({ visitor: newVisitor() }),
  "a message of another browser with this browser's mark": async ({ fields, account }) => {
    const other = fieldsOf(await request(newVisitor(), account));
    return { message: write({ ...other, requestId: fields.requestId }) };
  },
  "no mark of the browser": ({ message, fields }) => ({ message: message.replace(`\nRequest ID: ${fields.requestId}`, "") }),
  "another chain in use": ({ fields }) => ({ message: write({ ...fields, chainId: 11155420 }) }),
  "a chain that is not in use": ({ fields }) => ({ message: write({ ...fields, chainId: 1 }) }),
  "an unknown chain": ({ fields }) => ({ message: write({ ...fields, chainId: 31337 }) }),
  "a chain with a leading zero": ({ message }) => ({ message: message.replace("Chain ID: 84532", "Chain ID: 084532") }),
  "a chain beyond numbers": ({ message }) => ({ message: message.replace("Chain ID: 84532", `Chain ID: ${"9".repeat(40)}`) }),
  "a changed address": ({ fields }) => ({ message: write({ ...fields, address: newKey().address }) }),
  "another address with that one's own signature": async ({ fields }) => {
    const other = newKey();
    const message = write({ ...fields, address: other.address });
    return { message, signature: await other.signMessage({ message }) };
  },
  "another address under the first signature": async ({ fields, message, account }) => ({ message: write({ ...fields, address: newKey().address }), signature: await account.signMessage({ message }) }),
  "the address in lower case": ({ message, fields }) => ({ message: message.replace(fields.address, fields.address.toLowerCase()) }),
  "the address in upper case": ({ message, fields }) => ({ message: message.replace(fields.address, `0x${fields.address.slice(2).toUpperCase()}`) }),
  "no address": ({ message, fields }) => ({ message: message.replace(fields.address, "") }),
  "a signature by another key": async ({ message }) => ({ signature: await newKey().signMessage({ message }) }),
  "a signature over other words": async ({ account }) => ({ signature: await account.signMessage({ message: "Pay" }) }),
  "a signature over the words' bare hash": async ({ account }) => ({ signature: await account.sign({ hash: zeroHash }) }),
  "a signature of zeros": () => ({ signature: `0x${"00".repeat(65)}` }),
  "a signature with one bit changed": async ({ message, account }) => {
    const signature = await account.signMessage({ message });
    return { signature: `0x${(Number.parseInt(signature[2]!, 16) ^ 1).toString(16)}${signature.slice(3)}` };
  },
  "a shortened signature": async ({ message, account }) => ({ signature: (await account.signMessage({ message })).slice(0, -2) as Hex }),
  "a lengthened signature": async ({ message, account }) => ({ signature: `${await account.signMessage({ message })}00` }),
  "a signature wrapped for a contract that nobody deploys": async ({ account }) => ({
    signature: wrap6492({ factory: newKey().address, factoryData: "0x", signature: await newKey().signMessage({ message: account.address }) }),
  }),
  "expired by its own times": ({ fields }) => ({ message: write({ ...fields, issuedAt: minutes(fields.issuedAt, -6), expirationTime: minutes(fields.expirationTime, -6) }) }),
  "issued long ago and good until tomorrow": ({ fields }) => ({ message: write({ ...fields, issuedAt: minutes(fields.issuedAt, -60), expirationTime: minutes(fields.expirationTime, 1_440) }) }),
  "issued in the future": ({ fields }) => ({ message: write({ ...fields, issuedAt: minutes(fields.issuedAt, 2), expirationTime: minutes(fields.expirationTime, 2) }) }),
  "good for longer than five minutes": ({ fields }) => ({ message: write({ ...fields, expirationTime: minutes(fields.expirationTime, 5) }) }),
  "without an end": ({ message }) => ({ message: message.replace(/\nExpiration Time: .+/, "") }),
  "without a beginning": ({ message }) => ({ message: message.replace(/\nIssued At: .+/, "") }),
  "times that are none": ({ message }) => ({ message: message.replace(/Issued At: .+/, "Issued At: 2026-13-45T99:99:99Z") }),
  "issued a second earlier than we wrote": ({ fields }) => ({
    message: write({ ...fields, issuedAt: new Date(fields.issuedAt.getTime() - 1_000), expirationTime: new Date(fields.expirationTime.getTime() - 1_000) }),
  }),
  "the same sentence in another language": ({ fields }) => ({ message: write({ ...fields, statement: "Sign in to CocoPay with this wallet." }) }),
  "the same time in another zone's words": ({ message, fields }) => ({ message: message.replace(fields.issuedAt.toISOString(), fields.issuedAt.toISOString().replace("Z", "+00:00")) }),
  "good only from tomorrow": ({ fields }) => ({ message: write({ ...fields, notBefore: minutes(fields.issuedAt, 1_440) }) }),
  "good only from a past time": ({ fields }) => ({ message: write({ ...fields, notBefore: minutes(fields.issuedAt, -10) }) }),
  "an edited statement": ({ fields }) => ({ message: write({ ...fields, statement: "Entrar na CocoPay com esta carteira!" }) }),
  "another purpose's statement": ({ fields }) => ({ message: write({ ...fields, statement: "Ligar esta carteira na minha conta CocoPay." }) }),
  "no statement": ({ message, fields }) => ({ message: message.replace(`${fields.statement}\n\n`, "") }),
  "resources beside": ({ fields }) => ({ message: write({ ...fields, resources: ["https://evil.example/all"] }) }),
  "another version": ({ message }) => ({ message: message.replace("Version: 1", "Version: 2") }),
  "words before it": ({ message }) => ({ message: `Hi\n${message}` }),
  "words behind it": ({ message }) => ({ message: `${message}\nand everything else` }),
  "a line break behind it": ({ message }) => ({ message: `${message}\n` }),
  "line ends of another system": ({ message }) => ({ message: message.replaceAll("\n", "\r\n") }),
  "two messages": ({ message }) => ({ message: `${message}\n\n${message}` }),
  "two nonces": ({ message, fields }) => ({ message: message.replace(`Nonce: ${fields.nonce}`, `Nonce: ${"0".repeat(32)}\nNonce: ${fields.nonce}`) }),
  "half a message": ({ message }) => ({ message: message.slice(0, message.length / 2) }),
  "no message": () => ({ message: " " }),
  "a text that is no such message": () => ({ message: "I agree to everything." }),
};

describe("refused without saying why", () => {
  test("there are as many attacks as the table says", () => {
    expect(Object.keys(ATTACKS)).toHaveLength(65);
  });

  test.each(Object.entries(ATTACKS))("%s", async (_name, attack) => {
    const visitor = newVisitor();
    const { actor, account } = await withWallet();
    const message = await request(visitor, account);
    const bring = await attack({ fields: fieldsOf(message), message, visitor, account });
    const brought = bring.message ?? message;
    const signature = bring.signature ?? (await account.signMessage({ message: brought }));
    const sessions = () => sql`SELECT count(*)::int AS n FROM sessions WHERE user_id = ${actor.userId}`;
    const before = await sessions();
    const failure = await signInByWallet(bring.visitor ?? visitor, { message: brought, signature }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toMatchObject({ code: "wallet_refused", details: {} });
    expect(await sessions()).toEqual(before);
  });

  test("a signature that was used, and one whose nonce a wrong answer used up", async () => {
    const { account } = await withWallet();
    const visitor = newVisitor();
    const once = await answer(account, await request(visitor, account));
    await signInByWallet(visitor, once);
    await expect(signInByWallet(visitor, once)).rejects.toMatchObject(refused);

    const message = await request(visitor, account);
    await expect(signInByWallet(visitor, { message, signature: await newKey().signMessage({ message }) })).rejects.toMatchObject(refused);
    await expect(signInByWallet(visitor, await answer(account, message))).rejects.toMatchObject(refused);
  });

  test("a message is not asked for on a chain that is not in use", async () => {
    await expect(request(newVisitor(), newKey(), "1")).rejects.toMatchObject(refused);
  });

  test("the door gives a form's line ends back as they were signed", () => {
    expect(WalletAnswer.parse({ message: "a\r\nb", signature: "0xabcd" }).message).toBe("a\nb");
  });

  test.each([
    ["no hex", { signature: "0xzz" }],
    ["hex without its mark", { signature: "ab".repeat(65) }],
    ["half a byte", { signature: "0xabc" }],
    ["nothing", { signature: "0x" }],
    ["no signature", { signature: undefined }],
    ["an oversized signature", { signature: `0x${"ab".repeat(10_001)}` }],
    ["an oversized message", { message: "a".repeat(1_001) }],
    ["an empty message", { message: "" }],
    ["a list as the message", { message: ["a"] }],
    ["a field too many", { address: "0x" }],
  ])("the door takes no answer with %s", (_name, change) => {
    expect(WalletAnswer.safeParse({ message: "a", signature: `0x${"ab".repeat(65)}`, ...change }).success).toBe(false);
  });
});
