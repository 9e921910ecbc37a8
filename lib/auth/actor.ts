import type { Locale } from "@/lib/i18n/locale";

/** Who is acting: a signed-in person, read from the session's row. Use cases take this and never read cookies. */
export type Actor = {
  userId: string;
  sessionId: string;
  /** Null until the person has given one. */
  name: string | null;
  /** E.164. */
  phone: string;
  locale: Locale;
  ip: string | null;
  userAgent: string | null;
  /** The store whose shared till this session is: then it may sell there and nothing else, whoever is signed in (lib/team/rules.ts). */
  sharedStoreId?: string | null;
};

/** Who is asking without a session. `deviceId` is the random id of the browser's cookie; it counts tries and proves nothing. */
export type Visitor = {
  ip: string | null;
  userAgent: string | null;
  deviceId: string;
  locale: Locale;
};
