import { Check, Clock, LoaderCircle, X, type LucideIcon } from "lucide-react";
import { useTranslations } from "next-intl";
import { Chip, type Tone } from "@/components/ui/chip";
import { Icon } from "@/components/ui/icon";
import type { RequestState } from "@/lib/requests/rules";

const LOOKS: Record<RequestState, readonly [Tone, LucideIcon]> = {
  open: ["brand", Clock],
  paying: ["caution", LoaderCircle],
  paid: ["positive", Check],
  cancelled: ["neutral", X],
  expired: ["neutral", Clock],
};

/** The state of a request: icon and word. */
export function RequestChip({ state }: { state: RequestState }) {
  const t = useTranslations("requests");
  const [tone, icon] = LOOKS[state];
  return (
    <Chip tone={tone} icon={<Icon of={icon} size="chip" />}>
      {t(`states.${state}`)}
    </Chip>
  );
}
