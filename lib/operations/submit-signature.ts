import "server-only";
import { eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { userOperations } from "@/db/schema";
import { accountsOf } from "@/lib/accounts/queries";
import { requireUnfrozen } from "@/lib/accounts/require-unfrozen";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { wrapSignature } from "@/lib/chain/account";
import type { Address, Hex } from "@/lib/chain/addresses";
import { operationHash, parseOperation, serializeOperation } from "@/lib/chain/user-operation";
import { isSignatureOn, normalSignature } from "@/lib/chain/verify-signature";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { hintOperations } from "./hint";

type Recorded = "recorded" | "again" | "expired" | "not_found";
const SIGNATURE = /^0x(?:[0-9a-f]{2})+$/i;
/** A contract wallet's signature may carry several. */
const SIGNATURE_MAX_CHARACTERS = 8_000;

/**
 * Takes an owner's signature of a prepared operation and puts it on its way. The signature has to be one of an owner that this very
 * chain has, over the hash of exactly what is stored. Safe to repeat.
 * Fails with: not_found, account_frozen, operation_not_prepared (not yet, prepared anew, or too late), signature_invalid, unavailable.
 */
export async function submitSignature(actor: Actor, { operationId, signer, signature }: { operationId: string; signer: string; signature: string }): Promise<{ operationId: string }> {
  if (!isId(operationId)) throw new DomainError("not_found");
  const owner = signer.toLowerCase() as Address;
  const [row] = await db.select().from(userOperations).where(eq(userOperations.id, operationId));
  const account = (await accountsOf(actor.userId)).find(({ chainId, address }) => row && chainId === row.chainId && address === row.sender);
  if (!row || !account) throw new DomainError("not_found");
  if (row.status === "queued" || row.status === "expired" || !row.signedOperation || !row.userOpHash) throw new DomainError("operation_not_prepared");

  await requireUnfrozen(db, actor.userId);
  const op = parseOperation(row.signedOperation);
  const hash = operationHash(row.chainId, op);
  if (hash !== row.userOpHash) throw new DomainError("operation_not_prepared");
  if (!account.signers.includes(owner) || !SIGNATURE.test(signature) || signature.length > SIGNATURE_MAX_CHARACTERS) throw new DomainError("signature_invalid");
  const form = normalSignature(signature as Hex) ?? (signature as Hex);
  if (!(await isSignatureOn(row.chainId, owner, hash, form))) throw new DomainError("signature_invalid");

  const signed = serializeOperation({ ...op, signature: wrapSignature(owner, form) });
  const result = await db.transaction(async (tx) => {
    const [answer] = await tx.execute<{ result: Recorded }>(sql`SELECT public.record_signature(${actor.userId}::uuid, ${operationId}::uuid, ${hash}, ${JSON.stringify(signed)}::text::jsonb) AS result`);
    if (answer?.result === "recorded") {
      await recordAudit(tx, {
        action: "account.operation_signed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "account", resourceId: operationId,
        newValues: { kind: row.kind, chainId: row.chainId, signer: owner, hash },
      });
    }
    return answer?.result;
  });
  if (result === "not_found") throw new DomainError("not_found");
  if (result !== "recorded" && result !== "again") throw new DomainError("operation_not_prepared");
  hintOperations(row.chainId);
  return { operationId };
}
