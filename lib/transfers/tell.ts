import "server-only";
import { sql } from "@/db/client";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/locale";
import { queueMessageIn } from "@/lib/notifications/notify";
import type { SqlTx } from "@/lib/worker/lease";
import { sendMessages } from "./messages";

/** A text message to one of our people, in that person's language, with the caller's change. A deleted person has no phone. */
export async function textPersonIn(tx: SqlTx, userId: string, say: (words: ReturnType<typeof sendMessages>) => string): Promise<void> {
  const [person] = await tx<{ phone: string; locale: string | null }[]>`SELECT phone, locale FROM users WHERE id = ${userId}`;
  if (person?.phone.startsWith("+")) await queueMessageIn(tx, { to: person.phone, body: say(sendMessages(isLocale(person.locale) ? person.locale : DEFAULT_LOCALE)) });
}

/** First name of a person, for a text message. */
export async function nameOf(userId: string): Promise<string | null> {
  const [person] = await sql<{ name: string | null }[]>`SELECT name FROM users WHERE id = ${userId}`;
  return person?.name ?? null;
}
