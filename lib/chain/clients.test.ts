import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "@/lib/dev/ports";
import { isChainUnreachable, publicClient, rpcUrl } from "./clients";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A node that answers every request with this. */
async function nodeThatAnswers(status: number, body: unknown) {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const requests = JSON.parse(text) as { id: number } | { id: number }[];
      const answer = (id: number) => ({ jsonrpc: "2.0", id, ...(body as object) });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(Array.isArray(requests) ? requests.map(({ id }) => answer(id)) : answer(requests.id)));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  process.env.RPC_URL_8453 = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const asking = () => publicClient("8453").getBlockNumber().catch((error: unknown) => error);

describe("a node that can't be asked is told from one that says no", () => {
  test("nothing listens", async () => {
    process.env.RPC_URL_8453 = `http://127.0.0.1:${await freePort()}`;
    expect(isChainUnreachable(await asking())).toBe(true);
  });

  test.each([
    ["a gateway's error", 502, {}, true],
    ["a limit", 429, { error: { code: -32005, message: "limit exceeded" } }, true],
    ["an overload in the answer", 200, { error: { code: -32005, message: "limit exceeded" } }, true],
    ["a revert", 200, { error: { code: 3, message: "execution reverted", data: "0x08c379a0" } }, false],
    ["a nonce too low", 200, { error: { code: -32000, message: "nonce too low" } }, false],
  ])("%s", async (_name, status, body, expected) => {
    await nodeThatAnswers(status, body);
    expect(isChainUnreachable(await asking())).toBe(expected);
  });

  test("our own mistakes are neither", () => {
    expect(isChainUnreachable(new TypeError("x is undefined"))).toBe(false);
  });
});

test("a missing node is named by its variable", () => {
  delete process.env.RPC_URL_42161;
  expect(() => rpcUrl("42161")).toThrow("RPC_URL_42161");
});
