"use client";

import { Volume2, VolumeX } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { IconButton } from "@/components/ui/icon-button";
import { Note } from "@/components/ui/note";
import type { Sound } from "./use-sound";

/** The speaker in the bar: what it is now is its picture, what a tap does is its name. */
export function SoundButton({ sound }: { sound: Sound }) {
  const t = useTranslations("till");
  const isOn = sound.state === "on";
  return (
    <IconButton aria-label={t(isOn ? "soundMute" : "soundUnlock")} aria-pressed={isOn} onClick={isOn ? sound.turnOff : sound.turnOn} className={isOn ? undefined : "bg-caution-soft text-caution"}>
      <Icon of={isOn ? Volume2 : VolumeX} size="nav" />
    </IconButton>
  );
}

/** Says whether a payment will be heard, in words, with the tap that turns it on and a way to try it. */
export function SoundCard({ sound }: { sound: Sound }) {
  const t = useTranslations("till");
  if (sound.state === "on") {
    return (
      <Note
        tone="neutral"
        icon={<Icon of={Volume2} />}
        trailing={
          <button type="button" onClick={sound.test} className="-my-3 min-h-11 flex-none font-semibold text-brand-ink underline underline-offset-3">
            {t("soundTest")}
          </button>
        }
      >
        {t("waiting")}
      </Note>
    );
  }
  return (
    <div role="status" className="grid gap-3 rounded-[18px] bg-caution-soft p-4 text-caution">
      <p className="flex items-start gap-3 text-[.9375rem]/[1.3125rem]">
        <Icon of={VolumeX} />
        <span>
          <b className="block font-semibold">{t("soundOff")}</b>
          {t(sound.state === "muted" ? "soundMuted" : "soundLocked")}
        </span>
      </p>
      <Button size="medium" isWide icon={<Icon of={Volume2} />} onClick={sound.turnOn}>
        {t("soundUnlock")}
      </Button>
    </div>
  );
}
