/** What this tab knows of a charge's green screen: it stands, or somebody acknowledged it. */
export type Green = "standing" | "seen";
export type Greens = Readonly<Record<string, Green>>;

const KEY = "till-greens";
const KEPT = 50;

/** A till that is locked, reloaded or unlocked neither loses a green screen nor shows one twice. */
export function readGreens(): Greens {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return kept && typeof kept === "object" ? (kept as Greens) : {};
  } catch {
    // A tab that keeps nothing goes by the server's word.
    return {};
  }
}

/** Notes it and answers all that is known. */
export function noteGreen(chargeId: string, green: Green): Greens {
  const { [chargeId]: _former, ...others } = readGreens();
  const greens = Object.fromEntries([...Object.entries(others), [chargeId, green] as const].slice(-KEPT));
  try {
    sessionStorage.setItem(KEY, JSON.stringify(greens));
  } catch {
    // As above.
  }
  return greens;
}

/** The charges whose green screen stands on a locked till. */
export const standingOf = <T extends { id: string; state: string; isUnseen: boolean }>(charges: readonly T[], greens: Greens): T[] =>
  charges.filter(({ id, state, isUnseen }) => state === "paid" && (greens[id] === "standing" || (isUnseen && greens[id] === undefined)));
