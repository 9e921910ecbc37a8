import { z } from "zod";

/** Flags by name, so that a misspelt one is a type error. */
export const FLAGS = ["consolidation", "guest_payments", "mixed_payments", "top_ups", "payouts_pix", "payouts_bank", "payouts_wallet", "till_pix"] as const;
export type Flag = (typeof FLAGS)[number];

/** One condition; a flag with several is on for whoever meets any of them. */
const Rule = z.union([
  z.object({ type: z.literal("user_id"), values: z.array(z.string()) }),
  z.object({ type: z.literal("percentage"), value: z.number().min(0).max(100) }),
]);
export const Rules = z.array(Rule);
export type FlagRow = { enabled: boolean; rules: z.output<typeof Rules> };

/** Hundredths of a percent: a person's place among them never changes, so a rising percentage only adds people. */
export const BUCKETS = 10_000;

/** Whether a flag holds for somebody whose place is `bucket`: off for all, on for all without rules, else by any rule. */
export function isOnFor({ enabled, rules }: FlagRow, { userId, bucket }: { userId: string; bucket: number }): boolean {
  if (!enabled) return false;
  if (rules.length === 0) return true;
  return rules.some((rule) => (rule.type === "user_id" ? rule.values.includes(userId) : bucket < Math.round(rule.value * (BUCKETS / 100))));
}
