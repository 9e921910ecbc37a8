"use client";

import clsx from "clsx";
import { Delete } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { Icon } from "./ui/icon";

export type KeypadKey = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "00" | "delete" | "clear";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0"] as const;
const HOLD_TO_CLEAR_MS = 500;

/** Three by four keys, 58 px high on a phone, up to 78 at the till. Holding delete sends `clear`. */
export function Keypad({ onKey, size = "phone" }: { onKey: (key: KeypadKey) => void; size?: "phone" | "till" }) {
  const t = useTranslations("common");
  const hold = useRef<ReturnType<typeof setTimeout>>(undefined);
  const cleared = useRef(false);
  const isTill = size === "till";
  const style = clsx(
    "grid touch-manipulation place-items-center rounded-[18px] font-display font-semibold text-ink tabular-nums select-none active:bg-brand-soft",
    isTill ? "min-h-[clamp(58px,9.2dvh,78px)] rounded-[20px] bg-card text-[2.125rem]/none shadow-1" : "min-h-[58px] text-[1.75rem]/none",
  );
  const startHold = () => {
    cleared.current = false;
    hold.current = setTimeout(() => {
      cleared.current = true;
      onKey("clear");
    }, HOLD_TO_CLEAR_MS);
  };
  const endHold = () => clearTimeout(hold.current);

  return (
    <div role="group" aria-label={t("keypadLabel")} className={clsx("grid grid-cols-3", isTill ? "gap-2.5" : "gap-1")}>
      {KEYS.map((key) => (
        <button key={key} type="button" className={style} onClick={() => onKey(key)}>
          {key}
        </button>
      ))}
      <button
        type="button"
        aria-label={t("keypadDelete")}
        className={style}
        onPointerDown={startHold}
        onPointerUp={endHold}
        onPointerLeave={endHold}
        onPointerCancel={endHold}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => {
          if (!cleared.current) onKey("delete");
          cleared.current = false;
        }}
      >
        <Icon of={Delete} size="large" />
      </button>
    </div>
  );
}
