"use client";

import { CameraOff, Flashlight, FlashlightOff, ImageUp, X } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { IconButton, IconLink } from "@/components/ui/icon-button";
import { Note } from "@/components/ui/note";
import { paths } from "@/lib/paths";
import { shortCodeFromTyped } from "@/lib/stores/rules";
import { InAppNotice, useInAppBrowser } from "./in-app-browser";
import { readScanned, type Scanned } from "./read-scanned";
import { readPhoto, useCamera, type CameraState } from "./use-camera";

const WRONG_SHOWN_MS = 6_000;

const PROBLEMS = {
  refused: ["scanRefusedTitle", "scanRefusedText"],
  none: ["scanNoneTitle", "scanNoneText"],
  busy: ["scanBusyTitle", "scanBusyText"],
  insecure: ["scanInsecureTitle", "scanInsecureText"],
} as const satisfies Record<Exclude<CameraState, "asking" | "live">, readonly [string, string]>;

/** The camera, and under it the same by hand: a typed code or a photo. Whatever goes wrong above, the sheet below works. */
export function Scanner({ appOrigin }: { appOrigin: string }) {
  const t = useTranslations("wallet");
  const common = useTranslations("common");
  const router = useRouter();
  const video = useRef<HTMLVideoElement>(null);
  const inApp = useInAppBrowser();
  const [wrong, setWrong] = useState<Exclude<Scanned, { kind: "store" | "link" }> | "photo">();
  const [isFound, setFound] = useState(false);

  const open = useCallback(
    (path: Route) => {
      setFound(true);
      setWrong(undefined);
      navigator.vibrate?.(40);
      router.push(path);
    },
    [router],
  );
  const read = useCallback(
    (text: string) => {
      const scanned = readScanned(text, [appOrigin, window.location.origin]);
      if (scanned.kind === "store") open(paths.pay(scanned.shortCode));
      else if (scanned.kind === "link") open(scanned.path);
      else setWrong(scanned);
    },
    [appOrigin, open],
  );
  const hear = useCallback(
    (text: string) => {
      if (!isFound) read(text);
    },
    [isFound, read],
  );
  const { state, retry, torch } = useCamera(video, hear);
  useEffect(() => {
    if (!wrong) return;
    const timer = setTimeout(() => setWrong(undefined), WRONG_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [wrong]);

  const problem = state === "asking" || state === "live" ? null : PROBLEMS[state];
  const wrongText = !wrong ? null : wrong === "photo" ? t("scanPhotoNone") : wrong.kind === "lookalike" ? t("scanLookalike", { host: wrong.host }) : wrong.kind === "pix" ? t("scanPix") : t("scanNotOurs");

  return (
    <div className="mx-auto flex min-h-dvh flex-col lg:max-w-[560px] lg:py-8">
      <section data-theme="dark" aria-label={t("scanTitle")} className="relative flex flex-1 flex-col overflow-hidden bg-surface text-ink lg:rounded-t-sheet">
        <video ref={video} muted playsInline aria-hidden="true" className={state === "live" ? "absolute inset-0 size-full object-cover" : "hidden"} />
        <header className="relative grid min-h-13 grid-cols-[44px_1fr_44px] items-center px-2 pt-1">
          <IconLink href={paths.home()} aria-label={common("close")} ground={state === "live" ? "card" : "none"}>
            <Icon of={X} size="nav" />
          </IconLink>
          <h1 className="text-center font-sans text-[1.0625rem]/6 font-semibold tracking-normal">{t("scanTitle")}</h1>
          {torch ? (
            <IconButton aria-label={t(torch.isOn ? "torchOff" : "torchOn")} aria-pressed={torch.isOn} ground="card" onClick={() => void torch.toggle()}>
              <Icon of={torch.isOn ? FlashlightOff : Flashlight} size="nav" />
            </IconButton>
          ) : null}
        </header>
        {inApp && state !== "live" ? (
          <InAppNotice app={inApp} />
        ) : problem ? (
          <div className="relative m-auto grid max-w-[36ch] justify-items-center px-6 py-8 text-center" role="status">
            <span className="grid size-16 place-items-center rounded-[22px] bg-card text-muted">
              <Icon of={CameraOff} size="large" />
            </span>
            <h2 className="mt-5">{t(problem[0])}</h2>
            <p className="mt-2 text-muted">{t(problem[1])}</p>
            {state === "insecure" ? null : (
              <div className="mt-5">
                <Button kind="soft" size="medium" onClick={retry}>
                  {t("scanRetry")}
                </Button>
              </div>
            )}
          </div>
        ) : (
          <div className="relative m-auto grid w-full max-w-[420px] justify-items-center gap-7 px-6 py-6">
            <p className="rounded-control bg-surface/70 px-4 py-2 text-center font-[550]">{state === "live" ? t("scanAim") : t("scanAsking")}</p>
            <Frame />
          </div>
        )}
        <div role="status" className="relative px-5 pb-10">
          {isFound ? <Note tone="positive">{t("scanFound")}</Note> : wrongText ? <Note tone={wrong !== "photo" && wrong?.kind === "lookalike" ? "danger" : "caution"}>{wrongText}</Note> : null}
        </div>
      </section>
      <ByHand
        onRead={read}
        onOpen={(shortCode) => open(paths.pay(shortCode))}
        onPhoto={(file) => {
          void readPhoto(file).then(
            (text) => (text === null ? setWrong("photo") : read(text)),
            () => setWrong("photo"),
          );
        }}
      />
    </div>
  );
}

/** Where the code should be: four yellow corners. */
function Frame() {
  return (
    <svg viewBox="0 0 240 240" aria-hidden="true" className="size-[min(62vw,240px)] text-reward">
      <path d="M4 56V40A36 36 0 0 1 40 4H56M184 4H200A36 36 0 0 1 236 40V56M236 184V200A36 36 0 0 1 200 236H184M56 236H40A36 36 0 0 1 4 200V184" fill="none" stroke="currentColor" strokeWidth="6" strokeLinecap="round" />
    </svg>
  );
}

/** The code by hand: typed, pasted as a link, or in a photo. The form is a plain GET, so that it works without scripts. */
function ByHand({ onRead, onOpen, onPhoto }: { onRead: (text: string) => void; onOpen: (shortCode: string) => void; onPhoto: (file: File) => void }) {
  const t = useTranslations("wallet");
  const errorText = useErrorText();
  const [error, setError] = useState<string>();
  return (
    <main id="content" className="safe-bottom relative -mt-7 rounded-t-[28px] bg-card px-5 pt-5 shadow-3 lg:rounded-b-sheet">
      <form
        action="/scan"
        className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          const value = new FormData(event.currentTarget).get("code");
          const typed = typeof value === "string" ? value : "";
          if (/^https?:/i.test(typed.trim())) return onRead(typed);
          const shortCode = shortCodeFromTyped(typed);
          setError(shortCode ? undefined : errorText("short_code_unknown"));
          if (shortCode) onOpen(shortCode);
        }}
      >
        <Field
          label={t("scanCodeLabel")}
          hint={t("scanCodeHint")}
          name="code"
          required
          maxLength={200}
          autoCapitalize="characters"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
          error={error}
          onChange={() => setError(undefined)}
        />
        <div className="pt-[26px]">
          <Button type="submit">{t("scanOpen")}</Button>
        </div>
      </form>
      <label className="mt-3 flex min-h-13 items-center justify-center gap-2.5 rounded-control bg-brand-soft px-4 text-label font-[650] text-brand-ink has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-focus">
        <Icon of={ImageUp} />
        {t("scanPhoto")}
        <input
          type="file"
          accept="image/*"
          className="sr-only"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) onPhoto(file);
          }}
        />
      </label>
    </main>
  );
}
