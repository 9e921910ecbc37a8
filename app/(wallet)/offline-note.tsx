"use client";

import { WifiOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";

function subscribe(onChange: () => void) {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
  };
}

/** While the phone is offline: of when the balance above is. */
export function OfflineNote({ time }: { time: string }) {
  const t = useTranslations("wallet");
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine, () => true);
  return isOnline ? null : (
    <Note tone="danger" icon={<Icon of={WifiOff} />} isLive>
      {t("offline", { time })}
    </Note>
  );
}
