import "server-only";
import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { users } from "@/db/schema";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/locale";
import { noticeMessage } from "./notice-messages";
import { notify, queueMessage, type Notice } from "./notify";

/** The loud form of `notify`: a notice on every other device and a text message to the person's phone, in the person's language. */
export async function warnPerson(tx: Tx, notice: Notice): Promise<void> {
  await notify(tx, notice);
  const [person] = await tx.select({ phone: users.phone, locale: users.locale }).from(users).where(eq(users.id, notice.userId));
  // A deleted person has no phone any more.
  if (!person?.phone.startsWith("+")) return;
  await queueMessage(tx, { to: person.phone, body: noticeMessage(notice.kind, isLocale(person.locale) ? person.locale : DEFAULT_LOCALE) });
}
