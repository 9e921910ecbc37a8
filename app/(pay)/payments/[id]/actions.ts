"use server";

import { z } from "zod";
import { action } from "@/lib/action";
import { submitSignature } from "@/lib/operations/submit-signature";

const ADDRESS = /^0x[0-9a-f]{40}$/;
/** A wallet that is a contract may answer with more than one key's 65 bytes. */
const SIGNATURE = /^0x(?:[0-9a-f]{2}){65,4096}$/i;

const Signature = z.object({ operationId: z.uuid(), signer: z.string().regex(ADDRESS), signature: z.string().regex(SIGNATURE) });

/** Fields `operationId`, `signer`, `signature`: an owner's own signature over the prepared operation. Safe to repeat. */
export const signPaymentAction = action(
  Signature,
  async (actor, signed): Promise<undefined> => {
    await submitSignature(actor, signed);
  },
  { limit: null },
);
