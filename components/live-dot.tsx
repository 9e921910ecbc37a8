import { Wifi, WifiOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { Chip } from "./ui/chip";
import { Icon } from "./ui/icon";

/** Whether live news arrive: "Ao vivo" or "Reconectando", announced when it changes. */
export function LiveDot({ isLive }: { isLive: boolean }) {
  const t = useTranslations("common");
  return (
    <span role="status">
      <Chip tone={isLive ? "positive" : "caution"} icon={<Icon of={isLive ? Wifi : WifiOff} size="chip" />}>
        {t(isLive ? "live" : "reconnecting")}
      </Chip>
    </span>
  );
}
