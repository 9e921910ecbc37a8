import clsx from "clsx";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";

export interface RowProps {
  /** A `<Tile size={44}>`, `<RowIcon>` or `<Avatar>`. */
  leading?: ReactNode;
  title: ReactNode;
  line?: ReactNode;
  /** Right side: an amount above, a word below. */
  amount?: ReactNode;
  state?: ReactNode;
  /** Not completed: the amount is struck through. */
  isStruck?: boolean;
  href?: Route;
}

/** A list of rows on a card. */
export function RowList({ children, label, isFlat }: { children: ReactNode; label?: string; isFlat?: boolean }) {
  return (
    <ul aria-label={label} className={clsx("overflow-hidden", !isFlat && "rounded-card bg-card py-1 shadow-1")}>
      {children}
    </ul>
  );
}

/** One row of a RowList: 68 px, title and second line, amount at the right. Pressable when it has an `href`. */
export function Row({ leading, title, line, amount, state, isStruck, href }: RowProps) {
  const inside = (
    <>
      {leading}
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold leading-5">{title}</span>
        {line ? <span className="block text-small text-muted">{line}</span> : null}
      </span>
      {amount || state ? (
        <span className="flex-none text-right">
          {amount ? <span className={clsx("block font-semibold leading-5 tabular-nums", isStruck && "text-muted line-through")}>{amount}</span> : null}
          {state ? <span className="block text-small text-muted">{state}</span> : null}
        </span>
      ) : null}
    </>
  );
  const style = "flex min-h-[68px] items-center gap-3.5 px-4 py-2.5 text-ink no-underline";
  return (
    <li className={clsx("relative [&+&]:before:absolute [&+&]:before:top-0 [&+&]:before:right-4 [&+&]:before:h-px [&+&]:before:bg-line", leading ? "[&+&]:before:left-[76px]" : "[&+&]:before:left-4")}>
      {href ? (
        <Link href={href} className={clsx(style, "rounded-control outline-offset-[-3px] transition-colors duration-[120ms] hover:bg-sunk/60 active:bg-sunk")}>
          {inside}
        </Link>
      ) : (
        <div className={style}>{inside}</div>
      )}
    </li>
  );
}

const GROUNDS = {
  neutral: "bg-sunk text-ink",
  brand: "bg-brand-soft text-brand-ink",
  positive: "bg-positive-soft text-positive",
  reward: "bg-reward-soft text-reward-ink",
  caution: "bg-caution-soft text-caution",
  danger: "bg-danger-soft text-danger",
} as const;

/** A 44 px square with an icon, at the start of a row. */
export function RowIcon({ children, ground = "neutral" }: { children: ReactNode; ground?: keyof typeof GROUNDS }) {
  return <span className={clsx("grid size-11 flex-none place-items-center rounded-[14px]", GROUNDS[ground])}>{children}</span>;
}

/** A person's initials in a circle. */
export function Avatar({ name, size = 44 }: { name: string; size?: 30 | 36 | 44 }) {
  const words = name.trim().split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "").join("");
  return (
    <span aria-hidden="true" style={{ width: size, height: size }} className="grid flex-none place-items-center rounded-full bg-brand-soft text-small font-[650] text-brand-ink uppercase">
      {initials}
    </span>
  );
}
