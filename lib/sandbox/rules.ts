/** What the button of the sandbox page gives. */
export const GIVEN_USD_MICROS = 100_000_000n;
export const MESSAGES_SHOWN = 50;

/** The six-digit code inside a sent text, or null when it holds none. */
export const codeIn = (body: string): string | null => body.match(/(?<!\d)\d{6}(?!\d)/)?.[0] ?? null;

/** E.164 out of what an address bar makes of it: its plus becomes a space. Null for what is no number. */
export function phoneOfQuery(text: string): string | null {
  const digits = text.replace(/[\s+()-]/g, "");
  return /^\d{6,15}$/.test(digits) ? `+${digits}` : null;
}
