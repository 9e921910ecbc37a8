import "server-only";
import { z } from "zod";
import { sql } from "@/db/client";
import { ENTRY_POINT } from "@/lib/chain/addresses";
import type { ChainId } from "@/lib/chain/chains";
import type { UserOperation } from "@/lib/chain/user-operation";
import { log } from "@/lib/log";
import type { Bundler } from "./bundler";
import { setAside, type Outgoing } from "./outgoing";
import { BUNDLE_OPERATIONS_MAX } from "./rules";

const TIMEOUT_MS = 5_000;
/** A bundler may have dropped an operation; it is offered again this often while it has not landed. */
const RESEND_MS = 10_000;

const quantity = (value: bigint) => `0x${value.toString(16)}`;

/** An operation in the JSON of ERC-4337's RPC for EntryPoint 0.7 and later: quantities in hex, absent fields left out. */
const jsonOf = (op: UserOperation) => Object.fromEntries(Object.entries(op).map(([name, value]) => [name, typeof value === "bigint" ? quantity(value) : value]));

const Answer = z.union([z.object({ result: z.string() }), z.object({ error: z.object({ code: z.number(), message: z.string() }) })]);

/** It has this operation, or one with its nonce, already: nothing to do but wait for the event. */
const isKnown = (message: string) => /already known|AA25|duplicate|replacement underpriced/i.test(message);

/**
 * Any ERC-4337 bundler behind a URL (`eth_sendUserOperation`). It pays for gas and picks the bundle, so nothing is recorded
 * beyond the signed operation; offering the same bytes again is harmless. The paymaster has to allow the bundler's address.
 */
export class UrlBundler implements Bundler {
  #requestId = 0;

  constructor(
    readonly chainId: ChainId,
    readonly url: string,
  ) {}

  hasRoom() {
    return true;
  }

  /** Nothing of its own is on its way: an offered operation simply becomes due again. */
  tend() {
    return Promise.resolve({ isOpen: false, hasMined: false });
  }

  async book(operations: readonly Outgoing[]) {
    const offers = operations.slice(0, BUNDLE_OPERATIONS_MAX);
    await sql`
      UPDATE user_operations SET next_attempt_at = now() + make_interval(secs => ${RESEND_MS / 1000})
      WHERE id = ANY (${offers.map(({ id }) => id)}::uuid[]) AND status = 'submitted'`;
    return async () => void (await Promise.all(offers.map((offer) => this.#offer(offer))));
  }

  async #offer(operation: Outgoing) {
    try {
      const answer = await this.#ask("eth_sendUserOperation", [jsonOf(operation.op), ENTRY_POINT]);
      if ("error" in answer) {
        if (!isKnown(answer.error.message)) await setAside(this.chainId, operation, answer.error.message);
      } else if (answer.result.toLowerCase() !== operation.userOpHash) {
        log().error({ operationId: operation.id, answered: answer.result }, "the bundler hashed an operation differently");
      }
    } catch (error) {
      // Out of reach: whether it has the operation is unknown, so it is offered again.
      log().warn({ err: error, chainId: this.chainId, operationId: operation.id }, "bundler did not answer");
    }
  }

  async #ask(method: string, params: unknown[]) {
    this.#requestId += 1;
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: this.#requestId, method, params }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return Answer.parse(await response.json());
  }
}
