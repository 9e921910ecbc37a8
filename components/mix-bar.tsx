import { tileOf } from "./tile-art";

/** One part of a payment: a store's rewards (by tile seed) or dollars. `weight` is its value in any one unit. */
export interface MixPart {
  key: string;
  weight: bigint;
  seed?: string;
}

/** The parts of a payment as a bar in the stores' glazes, dollars cobalt. Hidden from readers: a list of the parts always stands below. */
export function MixBar({ parts }: { parts: readonly MixPart[] }) {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0n);
  if (total <= 0n) return null;
  return (
    <div aria-hidden="true" className="flex h-3.5 gap-[3px]">
      {parts
        .filter(({ weight }) => weight > 0n)
        .map(({ key, weight, seed }) => (
          <i
            key={key}
            className="block min-w-1.5 rounded-[4px] bg-brand shadow-[0_0_0_1px_rgb(255_255_255/.12)] first:rounded-l-[7px] last:rounded-r-[7px]"
            style={{ flexGrow: Number((weight * 1000n) / total) || 1, backgroundColor: seed ? tileOf(seed).glaze.main : undefined }}
          />
        ))}
    </div>
  );
}
