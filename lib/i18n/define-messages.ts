import type { Locale } from "./locale";

/** Texts by key; a key may hold a group of texts. `details` groups may use technical words. */
export interface MessageTree {
  readonly [key: string]: string | MessageTree;
}

/** The same keys with any text: what a translation must bring. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };

/**
 * One area's texts in all languages, ICU syntax. pt-BR sets the keys and the arguments; a key missing or left over
 * in another language is a type error, an argument that differs fails messages.test.ts.
 */
export function defineMessages<const T extends MessageTree>(
  messages: { "pt-BR": T } & Record<Exclude<Locale, "pt-BR">, NoInfer<Translated<T>>>,
): Record<Locale, T> {
  // The translations have the keys of T; their texts differ, which next-intl's types cannot express.
  return messages as unknown as Record<Locale, T>;
}
