import { Check, Clock, LoaderCircle, Undo2, X, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { Chip, type Tone } from "./ui/chip";
import { Icon } from "./ui/icon";

/** What a payment is to people. `pending`, `checking` are the same word: we never say failed before we know. */
export type PaymentState = "pending" | "checking" | "confirmed" | "paid" | "failed" | "refunded" | "expired";

const STATES = {
  pending: ["caution", LoaderCircle, "statusChecking"],
  checking: ["caution", LoaderCircle, "statusChecking"],
  confirmed: ["positive", Check, "statusPaid"],
  paid: ["positive", Check, "statusPaid"],
  failed: ["danger", X, "statusFailed"],
  refunded: ["neutral", Undo2, "statusRefunded"],
  expired: ["neutral", Clock, "statusExpired"],
} as const satisfies Record<PaymentState, readonly [Tone, LucideIcon, string]>;

/** The chip of a payment's state: icon and word, colour never alone. */
export function StatusChip({ state }: { state: PaymentState }) {
  const t = useTranslations("common");
  const [tone, icon, key] = STATES[state];
  return (
    <Chip tone={tone} icon={<Icon of={icon} size="chip" />}>
      {t(key)}
    </Chip>
  );
}
