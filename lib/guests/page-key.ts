import "server-only";
import { createHash, randomBytes } from "node:crypto";

const RANDOM_BYTES = 16;

/** What is kept of the paying browser's secret. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** A page's public reference, which goes into the memo, and the secret of the browser that opened it. */
export const newPageKey = (): { reference: string; secret: string } => ({ reference: randomBytes(RANDOM_BYTES).toString("hex"), secret: randomBytes(RANDOM_BYTES).toString("hex") });
