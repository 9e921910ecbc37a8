import clsx from "clsx";

/** A quiet block in the shape of what comes. It shows after 150 ms and does not move with reduced motion. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden="true" className="block animate-appear">
      <span className={clsx("block animate-breathe rounded-[8px] bg-sunk", className)} />
    </span>
  );
}

/** Rows that are loading; `label` is what screen readers hear. */
export function RowsSkeleton({ count = 3, label }: { count?: number; label: string }) {
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{label}</span>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="flex min-h-[68px] items-center gap-3.5 px-4">
          <Skeleton className="size-11 rounded-tile!" />
          <span className="grid flex-1 gap-2">
            <Skeleton className="h-[15px] w-3/5" />
            <Skeleton className="h-[13px] w-2/5" />
          </span>
          <Skeleton className="h-[15px] w-16" />
        </div>
      ))}
    </div>
  );
}
