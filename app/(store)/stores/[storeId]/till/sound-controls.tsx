"use client";

import { Volume2, VolumeX } from "lucide-react";
import { useTranslations } from "next-intl";
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

/** Says in words that a payment would not be heard, with the tap that turns the sound on. Nothing while it is on. */
export function SoundStrip({ sound }: { sound: Sound }) {
  const t = useTranslations("till");
  if (sound.state === "on") return null;
  return (
    <div role="status">
      <button type="button" onClick={sound.turnOn} className="flex min-h-11 w-full items-center gap-3 rounded-[14px] bg-caution-soft px-4 py-2 text-left text-small text-caution">
        <Icon of={VolumeX} />
        <span className="flex-1">{t("soundOff")}</span>
        <span className="font-semibold underline underline-offset-3">{t("soundUnlock")}</span>
      </button>
    </div>
  );
}

/** What green and sound mean, and a way to try the sound. Nothing while it is off. */
export function SoundCard({ sound }: { sound: Sound }) {
  const t = useTranslations("till");
  if (sound.state !== "on") return null;
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
