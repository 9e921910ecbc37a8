"use client";

import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

/** A switch that sends its form, so that it works before the page wakes up. The whole row is pressable; the label is its name. */
export function SwitchButton({ isOn, leading, label, line, ...rest }: Omit<ComponentProps<"button">, "className" | "children" | "type"> & { isOn: boolean; leading?: ReactNode; label: string; line?: ReactNode }) {
  return (
    <button {...rest} type="submit" role="switch" aria-checked={isOn} className="flex min-h-[50px] w-full items-center gap-3 rounded-control text-left outline-offset-2">
      {leading}
      <span className="min-w-0 flex-1">
        <span className="block truncate leading-5 font-semibold">{label}</span>
        {line ? <span className="text-caption text-muted tabular-nums">{line}</span> : null}
      </span>
      <span aria-hidden="true" className={clsx("relative h-8 w-13 flex-none rounded-full transition-colors duration-200", isOn ? "bg-brand" : "bg-field")}>
        <span className={clsx("absolute top-[3px] left-[3px] size-6.5 rounded-full bg-on-brand transition-transform duration-200 ease-out", isOn && "translate-x-5")} />
      </span>
    </button>
  );
}
