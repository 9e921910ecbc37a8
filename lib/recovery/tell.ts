import "server-only";
import { and, eq, inArray, isNotNull, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { storeMembers, users } from "@/db/schema";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locale";
import { queueMessage } from "@/lib/notifications/notify";
import { recoveryMessages } from "./messages";

type Words = ReturnType<typeof recoveryMessages>;

const localeOf = (locale: string | null): Locale => (isLocale(locale) ? locale : DEFAULT_LOCALE);

/** A text message to one person, in that person's language. A deleted person has no phone. */
export async function textPerson(tx: Tx, userId: string, say: (words: Words) => string): Promise<void> {
  const [person] = await tx.select({ phone: users.phone, locale: users.locale }).from(users).where(eq(users.id, userId));
  if (person?.phone.startsWith("+")) await queueMessage(tx, { to: person.phone, body: say(recoveryMessages(localeOf(person.locale))) });
}

/** A text message to everybody else who runs one of these stores: owners and admins, each once. */
export async function textOtherManagers(tx: Tx, { storeIds, exceptUserId }: { storeIds: string[]; exceptUserId: string }, say: (words: Words) => string): Promise<void> {
  const others = await tx
    .selectDistinct({ userId: storeMembers.userId })
    .from(storeMembers)
    .where(and(inArray(storeMembers.storeId, storeIds), inArray(storeMembers.role, ["owner", "admin"]), isNotNull(storeMembers.acceptedAt), ne(storeMembers.userId, exceptUserId)));
  for (const { userId } of others) await textPerson(tx, userId, say);
}
