import { inkOf, labelStride } from "./chart-scale";
import { TableTwin, type Twin } from "./table-twin";

export interface HeatRow {
  key: string;
  /** Beside the row, short. */
  label: string;
  cells: readonly { key: string; /** What the pointer reads on it. */ title: string; value: bigint }[];
}

const CELL = 22;
const STEP = 25;
/** Of a cell's room, in percent: the rest is the gap. */
const SHARE = 0.88;
const LABELS_SHOWN = 7;
const LEGEND = [0n, 1n, 40n, 70n, 100n] as const;

/**
 * A grid in one hue, the stronger the more; a field with nothing is an outline. It stretches with the page and its texts keep their size. `label` says
 * to screen readers what is drawn; the numbers stand in the table below.
 */
export function HeatMap<T>({ rows, columns, label, scale, table }: { rows: readonly HeatRow[]; /** Under the columns. */ columns: readonly string[]; label: string; scale: { less: string; more: string }; table: Twin<T> }) {
  const top = rows.flatMap(({ cells }) => cells).reduce((most, { value }) => (value > most ? value : most), 0n);
  const room = 100 / Math.max(1, columns.length);
  const stride = labelStride(columns.length, LABELS_SHOWN);
  return (
    <figure className="min-w-0">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
        <div aria-hidden="true" className="text-caption text-muted">
          {rows.map(({ key, label: text }) => (
            <span key={key} className="flex items-center" style={{ height: STEP }}>
              <span className="-mt-[3px] inline-block first-letter:uppercase">{text}</span>
            </span>
          ))}
        </div>
        <svg role="img" aria-label={label} width="100%" height={STEP * rows.length} className="block">
          {rows.map(({ key, cells }, y) =>
            cells.map(({ key: cell, title, value }, x) => (
              <g key={`${key}:${cell}`}>
                <title>{title}</title>
                <Field x={`${room * x}%`} y={STEP * y} width={`${room * SHARE}%`} ink={inkOf(value, top)} />
              </g>
            )),
          )}
        </svg>
        <div aria-hidden="true" className="relative col-start-2 mt-1 h-5 text-caption text-muted tabular-nums">
          {columns.map((text, index) =>
            index % stride === 0 ? (
              <span key={text} className="absolute -translate-x-1/2 whitespace-nowrap" style={{ left: `${room * (index + SHARE / 2)}%` }}>
                {text}
              </span>
            ) : null,
          )}
        </div>
      </div>
      <div aria-hidden="true" className="mt-3 flex items-center gap-2 text-caption text-muted">
        {scale.less}
        <svg width={LEGEND.length * 17 - 3} height={14} className="block">
          {LEGEND.map((value, index) => (
            <Field key={value} x={index * 17} y={0} width={14} height={14} ink={inkOf(value, 100n)} />
          ))}
        </svg>
        {scale.more}
      </div>
      <TableTwin {...table} />
    </figure>
  );
}

const Field = ({ x, y, width, height = CELL, ink }: { x: string | number; y: number; width: string | number; height?: number; ink: number }) =>
  ink > 0 ? (
    <rect x={x} y={y} width={width} height={height} rx={Math.min(6, height / 3)} className="fill-brand" fillOpacity={ink} />
  ) : (
    <rect x={x} y={y + 0.5} width={width} height={height - 1} rx={Math.min(6, height / 3)} className="stroke-line" fillOpacity={0} strokeWidth={1} />
  );
