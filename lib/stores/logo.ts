import "server-only";
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import sharp from "sharp";
import { db, sql } from "@/db/client";
import { storeLogos, stores } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/auth/actor";
import { DomainError } from "@/lib/errors";
import { isId } from "@/lib/ids";
import { consumeLimit } from "@/lib/rate-limit/consume-limit";
import { requirePermission } from "@/lib/team/require-permission";

/** What an owner may send, before anybody looks inside. */
export const LOGO_BYTES_MAX = 2_000_000;
const LARGE = 512;
const SMALL = 128;
/** A picture of a few kilobytes can claim a size that fills the memory: more than this is not drawn. */
const PIXELS_MAX = 25_000_000;
const QUALITY = 84;
const DRAW_SECONDS_MAX = 10;
/** How a PNG, a JPEG and a WebP begin. Everything else never reaches the decoder, whatever its name says. */
const BEGINNINGS: readonly (readonly [at: number, bytes: string])[][] = [[[0, "89504e470d0a1a0a"]], [[0, "ffd8ff"]], [[0, "52494646"], [8, "57454250"]]];

const isPicture = (bytes: Buffer) => BEGINNINGS.some((parts) => parts.every(([at, hex]) => bytes.subarray(at, at + hex.length / 2).toString("hex") === hex));

/**
 * Draws a sent picture anew as two squares of WebP, without anything that it carried beside its pixels (place, camera, comments). Only its first
 * image counts. Fails with image_invalid: too large, no PNG, JPEG or WebP, too many pixels, or broken.
 */
export async function drawLogo(sent: Buffer): Promise<{ hash: string; large: Buffer; small: Buffer }> {
  if (sent.byteLength === 0 || sent.byteLength > LOGO_BYTES_MAX || !isPicture(sent)) throw new DomainError("image_invalid");
  try {
    const square = await sharp(sent, { limitInputPixels: PIXELS_MAX, failOn: "error", animated: false }).rotate().resize(LARGE, LARGE, { fit: "cover" }).timeout({ seconds: DRAW_SECONDS_MAX }).png().toBuffer();
    const [large, small] = await Promise.all([LARGE, SMALL].map((side) => sharp(square).resize(side, side).webp({ quality: QUALITY }).toBuffer()));
    if (!large || !small) throw new DomainError("image_invalid");
    return { hash: createHash("sha256").update(large).digest("hex").slice(0, 32), large, small };
  } catch {
    // Whatever the decoder says of a stranger's bytes, the owner hears what to send instead.
    throw new DomainError("image_invalid");
  }
}

/** Asked before a byte of a picture is read: whether it is the owner, and not too often. Fails with not_found, forbidden, too_many_requests. */
export async function mayChangeLogo(actor: Actor, storeId: string): Promise<void> {
  await requirePermission(db, actor, storeId, "settings.manage");
  await consumeLimit(db, "logo_account", actor.userId);
}

/** Gives a store its logo, or takes it away (null). Fails with not_found, forbidden, image_invalid. */
export async function changeLogo(actor: Actor, storeId: string, sent: Buffer | null): Promise<{ hash: string | null }> {
  const drawn = sent ? await drawLogo(sent) : null;
  const hash = drawn?.hash ?? null;
  await db.transaction(async (tx) => {
    await requirePermission(tx, actor, storeId, "settings.manage");
    const [before] = await tx.select({ hash: stores.logoHash }).from(stores).where(eq(stores.id, storeId)).for("no key update");
    if (before?.hash === hash) return;
    if (drawn) await tx.insert(storeLogos).values({ storeId, ...drawn }).onConflictDoUpdate({ target: storeLogos.storeId, set: { ...drawn, createdAt: new Date() } });
    else await tx.delete(storeLogos).where(eq(storeLogos.storeId, storeId));
    await tx.update(stores).set({ logoHash: hash }).where(eq(stores.id, storeId));
    await recordAudit(tx, { action: "store.logo_changed", userId: actor.userId, ip: actor.ip, userAgent: actor.userAgent, resourceType: "store", resourceId: storeId, oldValues: { logo: before?.hash ?? null }, newValues: { logo: hash } });
  });
  return { hash };
}

/** A logo's bytes (WebP), or null when the store has no such one (any more). */
export async function findLogo(storeId: string, hash: string, size: "large" | "small"): Promise<Buffer | null> {
  if (!isId(storeId) || !/^[0-9a-f]{32}$/.test(hash)) return null;
  const [row] = await sql<{ picture: Buffer }[]>`SELECT ${sql(size)} AS picture FROM store_logos WHERE store_id = ${storeId} AND hash = ${hash}`;
  return row?.picture ?? null;
}
