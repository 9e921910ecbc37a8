import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { env } from "@/lib/env";
import { encryptionOf } from "./keys";
import { kmsKeyEncryption } from "./kms";

const KEY_ID = "arn:aws:kms:sa-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const HOLDER = "0192f0c4-0000-7000-8000-000000000001";
const context = { holderId: HOLDER, address: "0x00000000000000000000000000000000000000aa" };
const asSent = { holder: HOLDER, version: "1", address: context.address };
const key = randomBytes(32);
const RING = { KEY_ENCRYPTION_KEYS: `1:${randomBytes(32).toString("base64")}` };

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage["headers"]; body: Record<string, unknown> };
const seen: Seen[] = [];
let server: Server;
let endpoint = "";

/** What AWS KMS answers: a blob that is bound to key and context, and InvalidCiphertextException for anything else. */
beforeAll(async () => {
  const contextHash = (body: Record<string, unknown>) => createHash("sha256").update(JSON.stringify([body["KeyId"], body["EncryptionContext"]])).digest();
  server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(value));
      };
      if (request.headers["x-amz-target"] === "TrentService.Encrypt") {
        const blob = Buffer.concat([contextHash(body), Buffer.from(String(body["Plaintext"]), "base64").map((byte) => byte ^ 0x5a)]);
        return answer(200, { CiphertextBlob: blob.toString("base64"), KeyId: body["KeyId"], EncryptionAlgorithm: "SYMMETRIC_DEFAULT" });
      }
      const blob = Buffer.from(String(body["CiphertextBlob"]), "base64");
      if (blob.length !== 64 || !blob.subarray(0, 32).equals(contextHash(body))) return answer(400, { __type: "InvalidCiphertextException" });
      return answer(200, { Plaintext: Buffer.from(blob.subarray(32).map((byte) => byte ^ 0x5a)).toString("base64"), KeyId: body["KeyId"], EncryptionAlgorithm: "SYMMETRIC_DEFAULT" });
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "secret-of-the-test" });
});
afterAll(() => server.close());
beforeEach(() => void seen.splice(0));

const kms = (keys = `1:${KEY_ID}`) => kmsKeyEncryption({ keys, region: "sa-east-1", endpoint });

test("sealing and opening send exactly the service's requests", async () => {
  const sealed = await kms().seal(key, context);
  expect(sealed).toMatch(/^v2\.1\.[\w-]+$/);
  expect(Buffer.from(await kms().open(sealed, context))).toEqual(key);
  expect(seen).toHaveLength(2);
  const [encrypt, decrypt] = seen as [Seen, Seen];
  for (const [request, target] of [[encrypt, "TrentService.Encrypt"], [decrypt, "TrentService.Decrypt"]] as const) {
    expect(request).toMatchObject({ method: "POST", url: "/" });
    expect(request.headers).toMatchObject({ "content-type": "application/x-amz-json-1.1", "x-amz-target": target });
    expect(request.headers["x-amz-date"]).toMatch(/^\d{8}T\d{6}Z$/);
    expect(request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDTEST\/\d{8}\/sa-east-1\/kms\/aws4_request, SignedHeaders=[a-z0-9;-]*x-amz-target[a-z0-9;-]*, Signature=[0-9a-f]{64}$/);
  }
  expect(encrypt.body).toEqual({ KeyId: KEY_ID, Plaintext: key.toString("base64"), EncryptionContext: asSent });
  expect(decrypt.body).toEqual({ KeyId: KEY_ID, CiphertextBlob: expect.any(String) as string, EncryptionContext: asSent });
});

test.each([
  ["another holder", { ...context, holderId: HOLDER.replace(/1$/, "2") }],
  ["another address", { ...context, address: context.address.replace(/aa$/, "ab") }],
])("a key moved to %s does not open", async (_where, moved) => {
  await expect(kms().open(await kms().seal(key, context), moved)).rejects.toThrow("does not open");
});

test("a changed blob and a swapped version do not open, a text of another form is none", async () => {
  const sealed = await kms().seal(key, context);
  const blob = Buffer.from(sealed.split(".")[2]!, "base64url");
  blob[3]! ^= 1;
  await expect(kms().open(`v2.1.${blob.toString("base64url")}`, context)).rejects.toThrow("does not open");
  const both = kms(`1:${KEY_ID},2:alias/cocopay`);
  await expect(both.open(sealed.replace("v2.1.", "v2.2."), context)).rejects.toThrow("does not open");
  for (const bad of ["v2.1.", "v2..AAAA", "v2.1.AAAA.AAAA", "v1.1.AAAA", `v2.1.${"A".repeat(4_000)}`]) await expect(kms().open(bad, context)).rejects.toThrow("Invariant");
  await expect(kms().open(sealed.replace("v2.1.", "v2.7."), context)).rejects.toThrow("key-encryption key 7");
});

test("the newest version seals, older ones open, and so does what the environment's keys sealed before", async () => {
  const old = await kms().seal(key, context);
  const both = kms(`1:${KEY_ID},2:alias/cocopay`);
  expect(both.newest).toBe("v2.2");
  expect(await both.seal(key, context)).toMatch(/^v2\.2\./);
  expect(Buffer.from(await both.open(old, context))).toEqual(key);
  const ring = encryptionOf({ ...workerValues, KEY_ENCRYPTION_PROVIDER: "environment" });
  const moved = encryptionOf({ ...workerValues, KEY_ENCRYPTION_PROVIDER: "aws-kms", KMS_KEYS: `1:${KEY_ID}`, KMS_REGION: "sa-east-1", KMS_ENDPOINT: endpoint });
  expect([ring.newest, moved.newest]).toEqual(["v1.1", "v2.1"]);
  expect(Buffer.from(await moved.open(await ring.seal(key, context), context))).toEqual(key);
  expect(await moved.seal(key, context)).toMatch(/^v2\.1\./);
  await expect(ring.open(old, context)).rejects.toThrow("has its variables");
});
const workerValues = { ...RING, OPERATOR_PRIVATE_KEYS: "", PAYMASTER_SIGNER_KEY: "" };

test("production refuses another address of the service, and names a variable that is missing", async () => {
  expect(env().APP_ENV).toBe("test");
  const { execFileSync } = await import("node:child_process");
  const start = (values: Record<string, string>) => {
    try {
      execFileSync(process.execPath, ["--conditions=react-server", "--import", "tsx", "-e", `import("./lib/env.ts").then(({ assertProductionReady }) => assertProductionReady("worker")).catch((error) => { console.log(error.message); process.exit(1); })`], {
        env: { ...process.env, APP_ENV: "production", KEY_ENCRYPTION_PROVIDER: "aws-kms", KMS_KEYS: `1:${KEY_ID}`, KMS_REGION: "sa-east-1", ...values },
        stdio: "pipe",
      });
      return "";
    } catch (error) {
      return String((error as { stdout: Buffer }).stdout);
    }
  };
  expect(start({ KMS_ENDPOINT: endpoint })).toContain("KMS_ENDPOINT: is for tests");
  expect(start({ KMS_KEYS: "" })).toContain("KMS_KEYS");
  expect(start({ KMS_REGION: "moon" })).toContain("KMS_REGION: must be a region");
  expect(start({})).not.toContain("KMS");
}, 240_000);
