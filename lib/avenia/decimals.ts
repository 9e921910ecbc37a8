/** "100.50" with two decimals is 10050. Decimals beyond are cut off: what somebody gets is never rounded up. Fails on anything but a plain decimal. */
export function unitsFromDecimal(text: string, decimals: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new Error("Not a plain decimal");
  return BigInt(match[1] ?? "0") * 10n ** BigInt(decimals) + BigInt((match[2] ?? "").slice(0, decimals).padEnd(decimals, "0") || "0");
}

export function decimalFromUnits(units: bigint, decimals: number): string {
  const text = String(units).padStart(decimals + 1, "0");
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
