import clsx from "clsx";
import { CircleAlert, Check, Hand, Info, Sparkles, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./icon";

export type NoteTone = "info" | "caution" | "danger" | "positive" | "reward" | "neutral";

const TONES: Record<NoteTone, [ground: string, icon: LucideIcon]> = {
  info: ["bg-brand-soft text-ink", Info],
  caution: ["bg-caution-soft text-caution", Hand],
  danger: ["bg-danger-soft text-danger", CircleAlert],
  positive: ["bg-positive-soft text-positive", Check],
  reward: ["bg-reward-soft text-reward-ink", Sparkles],
  neutral: ["bg-sunk text-ink", Info],
};

/** A soft block with an icon and a sentence. `isLive` announces it when it appears (role=status). */
export function Note({ tone = "info", icon, isLive, children, trailing }: { tone?: NoteTone; icon?: ReactNode; isLive?: boolean; children: ReactNode; trailing?: ReactNode }) {
  const [ground, usual] = TONES[tone];
  return (
    <div role={isLive ? "status" : undefined} className={clsx("flex items-start gap-3 rounded-[18px] px-4 py-3.5 text-[.9375rem]/[1.3125rem]", ground)}>
      {icon ?? <Icon of={usual} />}
      <div className="min-w-0 flex-1">{children}</div>
      {trailing}
    </div>
  );
}
