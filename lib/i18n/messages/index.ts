import type { Locale } from "../locale";
import { auth } from "./auth";
import { common } from "./common";
import { errors } from "./errors";
import { pay } from "./pay";
import { sandbox } from "./sandbox";
import { store } from "./store";
import { till } from "./till";
import { wallet } from "./wallet";

/** Every area by its namespace, which is its file's name: `useTranslations("pay")` reads pay.ts. */
export const AREAS = { common, auth, pay, wallet, store, till, sandbox, errors } as const;
export type Area = keyof typeof AREAS;
export type Messages = { [A in Area]: (typeof AREAS)[A]["pt-BR"] };

/** All texts of one language. */
export function messagesOf(locale: Locale): Messages {
  return {
    common: common[locale],
    auth: auth[locale],
    pay: pay[locale],
    wallet: wallet[locale],
    store: store[locale],
    till: till[locale],
    sandbox: sandbox[locale],
    errors: errors[locale],
  };
}
