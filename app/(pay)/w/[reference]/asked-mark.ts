/** Remembers in this browser that the wallet was asked to pay, so that a reload does not ask a second time without a word. */
const keyOf = (reference: string) => `cocopay.asked:${reference}`;

export const askedMark = {
  set: (reference: string) => attempt(() => localStorage.setItem(keyOf(reference), "1")),
  clear: (reference: string) => attempt(() => localStorage.removeItem(keyOf(reference))),
  has: (reference: string): boolean => attempt(() => localStorage.getItem(keyOf(reference)) !== null) ?? false,
};

/** Storage may be off in private windows; then a reload only asks anew. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
