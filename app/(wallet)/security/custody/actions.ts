"use server";

import { z } from "zod";
import { fetchKeyExport } from "@/lib/accounts/fetch-key-export";
import { requestKeyExport } from "@/lib/accounts/request-key-export";
import { requestOwnerChange } from "@/lib/accounts/request-owner-change";
import { retryOwnerChange } from "@/lib/accounts/retry-owner-change";
import { OWNER_KINDS, OWNERS_MAX } from "@/lib/accounts/rules";
import { startTakeover } from "@/lib/accounts/start-takeover";
import { action } from "@/lib/action";
import { preparedOperations } from "@/lib/operations/queries";

const NAME_MAX = 100;
/** A contract wallet's proof may carry several signatures. */
const PROOF_MAX = 8_000;
const Address = z.string().regex(/^0x[0-9a-f]{40}$/);
const Owner = z.strictObject({
  kind: z.enum(OWNER_KINDS),
  address: Address,
  proof: z.string().max(PROOF_MAX).regex(/^0x(?:[0-9a-f]{2})+$/i),
  name: z.string().max(NAME_MAX),
  passkeyId: z.uuid().exactOptional(),
  walletId: z.uuid().exactOptional(),
});

/** A field that holds JSON: owners have too many parts for fields of their own. */
const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom" });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** Field `owners`: JSON list of addresses with their proofs. */
export const startTakeoverAction = action(z.object({ owners: json(z.array(Owner).max(OWNERS_MAX)) }), startTakeover);

/** Field `owner`: one address with its proof. */
export const addOwnerAction = action(z.object({ owner: json(Owner) }), (actor, { owner }) => requestOwnerChange(actor, { add: owner }));

/** Field `address`. */
export const removeOwnerAction = action(z.object({ address: Address }), (actor, { address }) => requestOwnerChange(actor, { remove: address }));

const Change = z.object({ changeId: z.uuid() });

/** Field `changeId`. */
export const retryChangeAction = action(Change, retryOwnerChange);

/** Field `changeId`: what there is to sign of the person's own change. */
export const changeToSignAction = action(Change, (actor, { changeId }) => preparedOperations(actor, { subjectId: changeId }), { limit: null });

/** Field `recipientKey`: the public key that this browser made for one export. */
export const requestExportAction = action(z.object({ recipientKey: z.string().max(100) }), requestKeyExport);

/** Field `exportId`. The sealed key, once; null while the worker seals it. */
export const fetchExportAction = action(z.object({ exportId: z.uuid() }), fetchKeyExport, { limit: null });
