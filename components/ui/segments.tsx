"use client";

import clsx from "clsx";
import type { Route } from "next";
import Link from "next/link";

export interface Segment {
  value: string;
  label: string;
}

/** A choice of one among few, inside a form: real radio buttons, so that it works before hydration. `onChange` is optional. */
export function Segments({
  name,
  legend,
  segments,
  value,
  defaultValue,
  onChange,
}: {
  name: string;
  legend: string;
  segments: readonly Segment[];
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{legend}</legend>
      <div className="inline-flex flex-wrap gap-0.5 rounded-[14px] bg-sunk p-1">
        {segments.map((segment) => (
          <label
            key={segment.value}
            className="relative grid h-11 min-w-11 place-items-center rounded-[11px] px-4 text-label text-muted has-checked:bg-raised has-checked:text-ink has-checked:shadow-1 has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              value={segment.value}
              {...(value === undefined ? { defaultChecked: defaultValue === segment.value } : { checked: value === segment.value })}
              onChange={() => onChange?.(segment.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {segment.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The same look for links between views of one page (day, week, month): `current` is the value shown now. */
export function SegmentLinks({ label, segments, current }: { label: string; segments: readonly (Segment & { href: Route })[]; current: string }) {
  return (
    <nav aria-label={label} className="inline-flex flex-wrap gap-0.5 rounded-[14px] bg-sunk p-1">
      {segments.map(({ value, label: text, href }) => (
        <Link
          key={value}
          href={href}
          aria-current={value === current ? "page" : undefined}
          className={clsx("grid h-11 min-w-11 place-items-center rounded-[11px] px-4 text-label no-underline", value === current ? "bg-raised text-ink shadow-1" : "text-muted")}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
