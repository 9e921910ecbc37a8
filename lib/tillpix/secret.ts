import "server-only";
import { createHash } from "node:crypto";
import { keyedHash } from "@/lib/auth/derive-key";

const BYTES = 16;

/** The secret of a sale's receipt page: 128 bits that only our own key makes from the id, so that the till can show its QR again and no table holds it. */
export const pixSecretOf = (pixId: string): string => keyedHash("till-pix", pixId).subarray(0, BYTES).toString("base64url");

/** What the table finds it by. */
export const hashPixSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");
