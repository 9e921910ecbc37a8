import clsx from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "positive" | "caution" | "danger" | "reward" | "brand";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunk text-ink",
  positive: "bg-positive-soft text-positive",
  caution: "bg-caution-soft text-caution",
  danger: "bg-danger-soft text-danger",
  reward: "bg-reward-soft text-reward-ink",
  brand: "bg-brand-soft text-brand-ink",
};

/** A small word of state or role; `icon` is an `<Icon size="chip">`. For payment states take `StatusChip`. */
export function Chip({ tone = "neutral", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={clsx("inline-flex h-7 items-center gap-1.5 rounded-[9px] px-2.5 text-caption font-semibold whitespace-nowrap", TONES[tone])}>
      {icon}
      {children}
    </span>
  );
}
