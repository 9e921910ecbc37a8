"use client";

import { LocateFixed } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { queryOfFilter } from "@/lib/explore/rules";
import { paths } from "@/lib/paths";

/** Asks the device where it is, at a tap and never before. Refused or unknown, the list stays as it is, from the town's centre. */
export function NearMe({ query, isOn }: { query: Record<string, string>; isOn: boolean }) {
  const t = useTranslations("explore");
  const router = useRouter();
  const [state, setState] = useState<"idle" | "asking" | "refused">("idle");
  const [isGoing, go] = useTransition();
  const ask = () => {
    if (!("geolocation" in navigator)) return setState("refused");
    setState("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        setState("idle");
        go(() => router.push(paths.explore({ ...query, ...queryOfFilter({ place: { latitude, longitude }, search: "", category: null, isOpenNow: false }) })));
      },
      () => setState("refused"),
      { enableHighAccuracy: false, timeout: 10_000, maximumAge: 300_000 },
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button kind={isOn ? "soft" : "outline"} size="medium" icon={<Icon of={LocateFixed} />} busy={(state === "asking" || isGoing) && t("locating")} onClick={ask}>
        {t("nearMe")}
      </Button>
      <p role="status" className="text-small text-muted">
        {state === "refused" ? t("locationRefused") : null}
      </p>
    </div>
  );
}
