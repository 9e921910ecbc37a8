import clsx from "clsx";
import { axisTop, extent, labelStride } from "./chart-scale";
import { TableTwin, type Twin } from "./table-twin";

export interface Bar {
  key: string;
  /** Under the bar. */
  label: string;
  /** What the pointer reads on it. */
  title: string;
  value: bigint;
  /** Drawn behind as an outline: what it is measured by. */
  compared?: bigint;
  /** Still growing: drawn in yellow. */
  isNow?: boolean;
}

const HEIGHT = 208;
const LABELS_SHOWN = 12;
/** On a phone fewer have room: every second one. */
const LABELS_ON_PHONE = 7;
/** Of a bar's room, in percent: the outline and the bar within it. */
const OUTLINE_SHARE = 0.76;
const BAR_SHARE = 0.56;

/**
 * Bars with a table twin behind a native disclosure. The drawing stretches with the page and its texts keep their size: widths are shares, heights
 * pixels. `axis` words a value of the axis; `label` says to screen readers what is drawn.
 */
export function BarChart<T>({ bars, label, axis, table }: { bars: readonly Bar[]; label: string; axis: (value: bigint) => string; table: Twin<T> }) {
  const top = axisTop(bars.flatMap(({ value, compared }) => [value, compared ?? 0n]));
  const room = 100 / Math.max(1, bars.length);
  const stride = labelStride(bars.length, LABELS_SHOWN);
  const isCrowded = bars.length / stride > LABELS_ON_PHONE;
  return (
    <figure className="min-w-0">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
        <svg role="img" aria-label={label} width="100%" height={HEIGHT + 1} className="block overflow-visible">
          {[0, HEIGHT / 2, HEIGHT].map((y) => (
            <line key={y} x1="0" x2="100%" y1={y + 0.5} y2={y + 0.5} className="stroke-line" strokeWidth={1} />
          ))}
          {/* Its lower edge cuts the bars, so that only their tops are round. */}
          <svg width="100%" height={HEIGHT}>
            {bars.map(({ key, title, value, compared, isNow }, index) => (
              <g key={key}>
                <title>{title}</title>
                {/* The whole column answers to the pointer, also over a small bar. */}
                <rect x={`${room * index}%`} y={0} width={`${room}%`} height={HEIGHT} fillOpacity={0} />
                {compared !== undefined && compared > 0n ? <Upright at={index} room={room} share={OUTLINE_SHARE} height={extent(compared, top, HEIGHT)} className="fill-brand-soft stroke-field" /> : null}
                {value > 0n ? <Upright at={index} room={room} share={BAR_SHARE} height={extent(value, top, HEIGHT)} className={isNow ? "fill-reward" : "fill-brand"} /> : null}
              </g>
            ))}
          </svg>
        </svg>
        <div aria-hidden="true" className="relative w-max min-w-12 text-caption text-muted tabular-nums" style={{ height: HEIGHT }}>
          <span className="invisible">{axis(top)}</span>
          <span className="absolute top-0 left-0 -translate-y-1/2">{axis(top)}</span>
          <span className="absolute top-1/2 left-0 -translate-y-1/2">{axis(top / 2n)}</span>
          <span className="absolute top-full left-0 -translate-y-1/2">0</span>
        </div>
        <div aria-hidden="true" className="relative mt-2 h-5 text-caption text-muted tabular-nums">
          {bars.map(({ key, label: text, isNow }, index) =>
            index % stride === 0 ? (
              <span key={key} className={clsx("absolute -translate-x-1/2 whitespace-nowrap", isNow && "font-semibold text-ink", isCrowded && index % (stride * 2) !== 0 && "max-sm:hidden")} style={{ left: `${room * (index + 0.5)}%` }}>
                {text}
              </span>
            ) : null,
          )}
        </div>
      </div>
      <TableTwin {...table} />
    </figure>
  );
}

const RADIUS = 6;
const Upright = ({ at, room, share, height, className }: { at: number; room: number; share: number; height: number; className: string }) => (
  <rect x={`${room * (at + (1 - share) / 2)}%`} y={HEIGHT - height + 1} width={`${room * share}%`} height={height + RADIUS} rx={Math.min(RADIUS, height)} className={className} strokeWidth={1} />
);

export interface Share {
  key: string;
  name: string;
  /** The number beside it, and the words under it. */
  amount: string;
  line?: string;
  value: bigint;
}

/** A list with a bar under each name: the numbers stand in it, so it needs no twin. */
export function ShareList({ shares }: { shares: readonly Share[] }) {
  const top = shares.reduce((most, { value }) => (value > most ? value : most), 0n);
  return (
    <ul className="grid gap-3.5">
      {shares.map(({ key, name, amount, line, value }) => (
        <li key={key}>
          <div className="flex items-baseline justify-between gap-4">
            <span className="min-w-0 truncate font-semibold">{name}</span>
            <span className="font-semibold whitespace-nowrap tabular-nums">{amount}</span>
          </div>
          {line ? <p className="text-small text-muted tabular-nums">{line}</p> : null}
          <svg aria-hidden="true" width="100%" height={6} className="mt-1.5 block">
            <rect width="100%" height={6} rx={3} className="fill-sunk" />
            <rect width={`${extent(value, top, 100)}%`} height={6} rx={3} className="fill-brand" />
          </svg>
        </li>
      ))}
    </ul>
  );
}
