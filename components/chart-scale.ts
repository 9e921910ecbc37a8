/** Steps that people count in. */
const STEPS = [1n, 2n, 5n, 10n] as const;

/** The top of an axis: the smallest of 1, 2, 5 times a power of ten (from 100 up, so that centavos make whole reais) that holds every value. */
export function axisTop(values: readonly bigint[]): bigint {
  const most = values.reduce((top, value) => (value > top ? value : top), 0n);
  for (let power = 100n; ; power *= 10n) {
    const step = STEPS.find((factor) => factor * power >= most);
    if (step !== undefined) return step * power;
  }
}

/** How much of a drawing's height or width a value takes, in whole points; something that is there is never invisible. */
export function extent(value: bigint, top: bigint, points: number): number {
  if (value <= 0n || top <= 0n) return 0;
  return Math.max(2, Number((value * BigInt(points)) / top));
}

/** Which of so many bars carry a label, so that no more than `shown` stand under a chart. */
export const labelStride = (count: number, shown: number): number => Math.max(1, Math.ceil(count / shown));

const PALEST_PERCENT = 20;

/** How strongly a field of a heat map is inked, from the palest that is still seen to 1 for the top; nothing is not inked. */
export function inkOf(value: bigint, top: bigint): number {
  if (value <= 0n || top <= 0n) return 0;
  return (PALEST_PERCENT + Math.round((100 - PALEST_PERCENT) * Number((value * 1_000n) / top) / 1_000)) / 100;
}
