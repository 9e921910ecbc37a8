import clsx from "clsx";
import type { ReactNode } from "react";
import { tileOf, tileQuarters } from "./tile-art";
import { BrandPattern } from "./tile";

/**
 * The Paid moment: green rises like a tide, the four quarters of the store's tile turn into place, the tick draws, the text rises. All within
 * 740 ms, in CSS, so that it also plays before hydration; with reduced motion it is there at once. Show it only when the server says paid.
 *
 * phone: everything in one column. till: title and amount at the left, the tile at the right, readable from three metres, over the whole screen.
 * `children` stand under the title (amount, payer), `footer` at the bottom (code, rewards, the way on).
 */
export function PaidMoment({
  seed,
  title,
  variant = "phone",
  children,
  footer,
}: {
  seed: string;
  title: string;
  variant?: "phone" | "till";
  children?: ReactNode;
  footer?: ReactNode;
}) {
  const isTill = variant === "till";
  return (
    <section
      data-testid="paid-moment"
      className={clsx("flex animate-tide flex-col overflow-hidden bg-paid text-on-paid", isTill ? "fixed inset-0 z-30 overflow-y-auto p-6 md:p-10" : "relative min-h-dvh px-5 pt-10")}
    >
      {isTill ? <BrandPattern side={96} fade="up" /> : null}
      <div className={clsx("relative flex flex-1 items-center", isTill ? "flex-col-reverse justify-center gap-6 max-md:pb-5 max-md:text-center md:flex-row md:justify-between md:gap-8" : "flex-col text-center")}>
        <div className={clsx("animate-rise", !isTill && "order-2")}>
          <h1 className={clsx("font-bold", isTill ? "text-money-xl md:text-money-till" : "mt-7 text-[3.25rem]/[3.5rem] tracking-[-.02em]")}>{title}</h1>
          {children}
        </div>
        <PaidTile seed={seed} isLarge={isTill} />
      </div>
      {footer ? <div className={clsx("safe-bottom relative animate-rise", !isTill && "mt-6")}>{footer}</div> : null}
    </section>
  );
}

/** The tile with the tick. Its four quarters turn round the tile's middle. */
function PaidTile({ seed, isLarge }: { seed: string; isLarge: boolean }) {
  const { ground, quarters } = tileQuarters(tileOf(seed));
  return (
    <span aria-hidden="true" className={clsx("relative block flex-none rounded-tile bg-paid-deep/60 p-1.5", isLarge ? "size-[min(200px,26dvh)] md:size-[292px]" : "size-[168px]")}>
      <svg viewBox="0 0 64 64" className="block size-full rounded-tile">
        <g dangerouslySetInnerHTML={{ __html: ground }} />
        {quarters.map((quarter, index) => (
          <g key={index} className="tile-quarter" dangerouslySetInnerHTML={{ __html: quarter }} />
        ))}
        <circle cx="32" cy="32" r="15" className="fill-on-paid" />
        <path d="M25 32.5L30 37.5L39.5 27.5" fill="none" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round" className="animate-draw stroke-paid" strokeDasharray="40" />
      </svg>
    </span>
  );
}

/** The dark plate with the confirmation code; `trailing` is the ticking clock. */
export function ConfirmationPlate({ label, code, trailing }: { label: string; code: string; trailing?: ReactNode }) {
  return (
    <div className="rounded-card bg-on-paid px-5 py-4.5 text-left text-glaze">
      <div className="flex items-center justify-between gap-4 text-small text-glaze/80">
        <span>{label}</span>
        {trailing}
      </div>
      <p data-testid="confirmation-code" className="mt-3 font-display text-[2.5rem]/[2.75rem] font-[650] tracking-[.14em] tabular-nums">
        {code}
      </p>
    </div>
  );
}
