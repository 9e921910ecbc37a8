import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DomainError } from "@/lib/errors";
import { twilioSender } from "./twilio";

type Seen = { method?: string; url?: string; headers: IncomingMessage["headers"]; body: string };
let server: Server;
let seen: Seen[];
let answer: { status: number; body: string; delayMs?: number };

beforeEach(async () => {
  seen = [];
  answer = { status: 201, body: '{"sid":"SM1","status":"accepted"}' };
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      setTimeout(() => response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body), answer.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const sender = (timeoutMs?: number) =>
  twilioSender({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountSid: "AC0123",
    apiKey: "SKkey",
    apiSecret: "s3cr:et",
    messagingServiceSid: "MG99",
    ...(timeoutMs ? { timeoutMs } : {}),
  });
const message = { to: "+5511987654321", body: "CocoPay: seu codigo e 123456.\n@cocopay.example #123456" };
const failure = (promise: Promise<void>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );

test("the request is the one of Twilio's Messages API, to the byte", async () => {
  await sender()(message);
  expect(seen).toHaveLength(1);
  const [{ method, url, headers, body }] = seen as [Seen];
  expect({ method, url }).toEqual({ method: "POST", url: "/2010-04-01/Accounts/AC0123/Messages.json" });
  expect(headers.authorization).toBe(`Basic ${Buffer.from("SKkey:s3cr:et").toString("base64")}`);
  expect(headers["content-type"]).toBe("application/x-www-form-urlencoded;charset=UTF-8");
  expect(body).toBe("To=%2B5511987654321&MessagingServiceSid=MG99&Body=CocoPay%3A+seu+codigo+e+123456.%0A%40cocopay.example+%23123456");
});

test.each([
  [400, 21211, "phone_invalid"],
  [400, 21614, "phone_invalid"],
  [400, 21612, "phone_invalid"],
  [400, 21610, "message_not_sent"],
  [401, 20003, "message_not_sent"],
  [429, 20429, "message_not_sent"],
  [500, 20500, "message_not_sent"],
])("HTTP %i with code %i is %s", async (status, code, expected) => {
  answer = { status, body: JSON.stringify({ code, message: "no", status }) };
  expect(await failure(sender()(message))).toBe(expected);
  expect(seen).toHaveLength(1);
});

test("an answer that is no JSON, a redirect, a silence and a closed port are messages not sent", async () => {
  answer = { status: 502, body: "<html>" };
  expect(await failure(sender()(message))).toBe("message_not_sent");
  answer = { status: 302, body: "" };
  expect(await failure(sender()(message))).toBe("message_not_sent");
  answer = { status: 201, body: "{}", delayMs: 5000 };
  expect(await failure(sender(50)(message))).toBe("message_not_sent");
  const late = sender();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await failure(late(message))).toBe("message_not_sent");
});
