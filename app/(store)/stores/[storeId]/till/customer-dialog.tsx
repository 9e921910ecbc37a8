"use client";

import { CameraOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useRef, useState } from "react";
import { readScanned } from "@/app/(wallet)/scan/read-scanned";
import { useCamera } from "@/app/(wallet)/scan/use-camera";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { receiveCodeOf } from "@/lib/transfers/rules";

type Props = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** What the button of this dialog asks of the customer: "Cobrar R$ 38,50". */
  label: string;
  appOrigin: string;
  busy: string | false;
  error: string | null;
  onCode: (code: string) => void;
};

/** The customer shows the code of "Receber"; the till reads it, or it is typed. Whoever has it confirms on the own phone. */
export function CustomerDialog({ isOpen, onOpenChange, ...rest }: Props) {
  const t = useTranslations("sale.customer");
  return (
    <Dialog title={t("title")} lead={t("lead")} isOpen={isOpen} onOpenChange={onOpenChange} isHeld={rest.busy !== false}>
      {isOpen ? <CustomerForm {...rest} /> : null}
    </Dialog>
  );
}

function CustomerForm({ label, appOrigin, busy, error, onCode }: Omit<Props, "isOpen" | "onOpenChange">) {
  const t = useTranslations("sale.customer");
  const video = useRef<HTMLVideoElement>(null);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string>();
  const take = useCallback(
    (code: string | null) => {
      setProblem(code ? undefined : t("notACustomer"));
      if (code && busy === false) onCode(code);
    },
    [busy, onCode, t],
  );
  const hear = useCallback((text: string) => take(codeOfScanned(text, [appOrigin, window.location.origin])), [take, appOrigin]);
  const { state } = useCamera(video, hear);
  return (
    <div className="grid gap-4">
      <div className="relative grid aspect-[4/3] max-h-[38dvh] w-full place-items-center overflow-hidden rounded-card bg-sunk">
        <video ref={video} muted playsInline aria-hidden="true" className={state === "live" ? "absolute inset-0 size-full object-cover" : "hidden"} />
        {state === "live" ? null : (
          <p role="status" className="grid max-w-[30ch] justify-items-center gap-2 px-5 text-center text-small text-muted">
            {state === "asking" ? null : <Icon of={CameraOff} />}
            {t(state === "asking" ? "cameraAsking" : "cameraOff")}
          </p>
        )}
      </div>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          take(/^https?:/i.test(typed.trim()) ? codeOfScanned(typed, [appOrigin, window.location.origin]) : receiveCodeOf(typed));
        }}
      >
        <Field
          label={t("label")}
          hint={t("hint")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(undefined);
          }}
          error={problem ?? error}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
        />
        <Button type="submit" isWide busy={busy} stopped={typed.trim() === "" && t("typeOrScan")}>
          {label}
        </Button>
      </form>
    </div>
  );
}

/** The code in a person's link of ours; a link of anybody else is none. */
function codeOfScanned(text: string, origins: readonly string[]): string | null {
  const scanned = readScanned(text, origins);
  const code = scanned.kind === "link" ? /^\/u\/([A-HJ-NP-Z2-9]{12})$/.exec(scanned.path)?.[1] : undefined;
  return code ?? null;
}
