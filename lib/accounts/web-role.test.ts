import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { buildOperation, operationHash, serializeOperation } from "@/lib/chain/user-operation";
import { newId, nonceKeyOf } from "@/lib/ids";
import { preparedOperations } from "@/lib/operations/queries";
import { submitSignature } from "@/lib/operations/submit-signature";
import { makeOwnKey, stepUp } from "@/lib/test/own-keys";
import { fetchKeyExport } from "./fetch-key-export";
import { custodyOf } from "./queries";
import { requestKeyExport } from "./request-key-export";
import { requestOwnerChange } from "./request-owner-change";
import { retryOwnerChange } from "./retry-owner-change";
import { startTakeover } from "./start-takeover";

// Before the first connection of this file.
vi.hoisted(() => {
  process.env["DATABASE_ROLE"] = "cocopay_web";
});

const worker = postgres(process.env.DATABASE_URL ?? "", { max: 1, onnotice: () => {} });
beforeAll(() => {
  // A node that answers what every chain answers of an address without code.
  vi.stubGlobal("fetch", async (_url: string, { body }: { body: string }) => {
    const asked = JSON.parse(body) as { id: number } | { id: number }[];
    const answerOf = ({ id }: { id: number }) => ({ jsonrpc: "2.0", id, result: "0x" });
    return Response.json(Array.isArray(asked) ? asked.map(answerOf) : answerOf(asked));
  });
  for (const chainId of ["84532", "11155420"]) process.env[`RPC_URL_${chainId}`] = "http://127.0.0.1:9";
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await worker.end();
});

test("everything that custody's pages do needs no right that the web role lacks", async () => {
  expect(await sql`SELECT current_user AS role`).toEqual([{ role: "cocopay_web" }]);
  const [userId, sessionId] = [newId(), newId()];
  const account = "0x00000000000000000000000000000000000acc01";
  const server = makeOwnKey();
  await sql`INSERT INTO users (id, phone) VALUES (${userId}, '+5548977770001')`;
  await sql`INSERT INTO sessions (id, user_id, token_hash, auth_method, expires_at) VALUES (${sessionId}, ${userId}, ${newId()}, 'phone', now() + INTERVAL '1 day')`;
  await worker`INSERT INTO signing_keys (user_id, encrypted_private_key, address) VALUES (${userId}, 'sealed', ${server.address})`;
  await worker`
    INSERT INTO smart_accounts (user_id, chain_id, address, salt, owner_address, initial_owner_address)
    SELECT ${userId}, chain_id, ${account}, '0x', ${server.address}, ${server.address} FROM unnest(ARRAY['84532', '11155420']::chain_id[]) AS chain_id`;
  const actor: Actor = { userId, sessionId, name: "Ana", phone: "+5548977770001", locale: "pt-BR", ip: null, userAgent: null };
  const [main, second, third] = [makeOwnKey("passkey"), makeOwnKey(), makeOwnKey("wallet")];

  expect(await custodyOf(actor)).toMatchObject({ state: "managed", serverKey: "active" });
  await stepUp(actor);
  const { exportId } = await requestKeyExport(actor, { recipientKey: `B${"A".repeat(86)}` });
  expect(await fetchKeyExport(actor, { exportId })).toBeNull();
  const { changeId } = await startTakeover(actor, { owners: [main.ownerOf(account), second.ownerOf(account)] });
  await retryOwnerChange(actor, { changeId });
  expect(await custodyOf(actor)).toMatchObject({ state: "taking_over" });

  // As the worker and the chain leave it.
  await worker`UPDATE owner_changes SET status = 'done' WHERE id = ${changeId}`;
  await worker`UPDATE smart_accounts SET custody_status = 'self_custody', owner_address = ${main.address} WHERE user_id = ${userId}`;
  for (const chainId of ["84532", "11155420"]) for (const { address } of [main, second]) await worker`INSERT INTO account_signers (user_id, chain_id, address) VALUES (${userId}, ${chainId}::chain_id, ${address})`;
  const { changeId: added } = await requestOwnerChange(actor, { add: third.ownerOf(account) });
  const id = newId();
  const op = buildOperation({
    operationId: id, sender: account, callData: "0x", paymaster: "0x00000000000000000000000000000000000000aa", fees: { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n },
    gas: { callGasLimit: 1n, verificationGasLimit: 1n, preVerificationGas: 1n, paymasterVerificationGasLimit: 1n, paymasterPostOpGasLimit: 1n },
  });
  await worker`
    INSERT INTO user_operations (id, chain_id, kind, subject_id, sender, nonce_key, status, signed_operation, user_op_hash, valid_until)
    VALUES (${id}, '84532', 'owner_change', ${added}, ${account}, ${nonceKeyOf(id).toString()}::numeric, 'prepared', ${JSON.stringify(serializeOperation(op))}::text::jsonb, ${operationHash("84532", op)}, now() + INTERVAL '2 minutes')`;
  const [prepared] = await preparedOperations(actor, { subjectId: added });
  await submitSignature(actor, second.sign(prepared!));
  expect(await sql`SELECT status FROM user_operations WHERE id = ${id}`).toEqual([{ status: "submitted" }]);
});
