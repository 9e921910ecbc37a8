import { encodeQR } from "qr";
import { tileArt, tileOf } from "./tile-art";

const QUIET_ZONE = 4;
const FINDER = 7;
/** Of the code's side. Level Q repairs up to a quarter of the code words; tile and gap cover under 5 % of the area. */
const TILE_SHARE = 0.165;
const GAP_SHARE = 0.22;
const INK = "#0B1B36";
const PAPER = "#FFFFFF";

/**
 * A QR code as standalone SVG markup: level Q, quiet zone of four modules, the store's tile in the middle. Ink on white in both themes,
 * because cameras need it. `moduleSize` in px keeps modules on whole pixels.
 */
export function qrSvg({ text, seed, moduleSize = 8, label }: { text: string; seed?: string; moduleSize?: number; label: string }): string {
  const { side, inner } = qrInner(text, seed);
  const pixels = side * moduleSize;
  const title = label.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${pixels}" height="${pixels}" role="img" aria-label="${title}">${inner}</svg>`;
}

/** The same on a page. `size` is the largest width in px; the code takes the largest whole number of pixels a module within it. */
export function QrCode({ text, seed, label, size = 280 }: { text: string; seed?: string; label: string; size?: number }) {
  const { side, inner } = qrInner(text, seed);
  const pixels = Math.max(1, Math.floor(size / side)) * side;
  return <svg role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} width={pixels} height={pixels} className="block h-auto max-w-full" dangerouslySetInnerHTML={{ __html: inner }} />;
}

export type QrModules = {
  /** Modules a side, without the quiet zone of four that belongs round it. */
  count: number;
  /** Runs of dark modules: column, row, length. */
  dark: (readonly [x: number, y: number, width: number])[];
  /** Top left corners of the three finder marks, each 7 modules wide. */
  finders: (readonly [x: number, y: number])[];
  /** In modules; 0 without a tile. */
  tileWidth: number;
};

/** What a code is made of, for every way of drawing it: level Q, with room for the tile in its middle. */
export function qrModules(text: string, hasTile: boolean): QrModules {
  // The encoder draws at least one light module round the code; our own quiet zone replaces it.
  const modules = encodeQR(text, "raw", { ecc: "quartile", border: 1 })
    .slice(1, -1)
    .map((row) => row.slice(1, -1));
  const count = modules.length;
  const gap = hasTile ? oddWithin(count * GAP_SHARE) : 0;
  const gapStart = (count - gap) / 2;
  const isInGap = (x: number, y: number) => gap > 0 && x >= gapStart && x < gapStart + gap && y >= gapStart && y < gapStart + gap;
  const isFinder = (x: number, y: number) => (x < FINDER && (y < FINDER || y >= count - FINDER)) || (x >= count - FINDER && y < FINDER);

  const dark: QrModules["dark"] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < count; x += 1) {
      if (!row[x] || isFinder(x, y) || isInGap(x, y)) continue;
      let width = 1;
      while (row[x + width] && !isFinder(x + width, y) && !isInGap(x + width, y)) width += 1;
      dark.push([x, y, width]);
      x += width - 1;
    }
  });
  const far = count - FINDER;
  return { count, dark, finders: [[0, 0], [far, 0], [0, far]], tileWidth: hasTile ? Math.min(gap - 1, count * TILE_SHARE) : 0 };
}

function qrInner(text: string, seed?: string): { side: number; inner: string } {
  const { count, dark, finders, tileWidth } = qrModules(text, seed !== undefined);
  const side = count + 2 * QUIET_ZONE;
  const path = dark.map(([x, y, width]) => `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${width}v1h-${width}z`).join("");
  const marks = finders.map(([x, y]) => finder(x + QUIET_ZONE, y + QUIET_ZONE)).join("");
  const paper = `<rect width="${side}" height="${side}" fill="${PAPER}"/>`;
  return { side, inner: `${paper}<path shape-rendering="crispEdges" fill="${INK}" d="${path}"/>${marks}${seed ? tileAt(seed, side / 2, tileWidth) : ""}` };
}

/** A square finder mark with slightly rounded outer corners. */
const finder = (x: number, y: number): string =>
  `<rect x="${x}" y="${y}" width="7" height="7" rx="1" fill="${INK}"/><rect x="${x + 1}" y="${y + 1}" width="5" height="5" fill="${PAPER}"/><rect x="${x + 2}" y="${y + 2}" width="3" height="3" rx=".4" fill="${INK}"/>`;

/** The tile round the middle of the code, with at least half a module of white round it. */
function tileAt(seed: string, middle: number, width: number): string {
  const start = middle - width / 2;
  return `<svg x="${start}" y="${start}" width="${width}" height="${width}" viewBox="0 0 64 64">${tileArt(tileOf(seed))}</svg>`;
}

/** The largest odd whole number not above a limit: the gap sits on whole modules in the middle of an odd count. */
function oddWithin(limit: number): number {
  const whole = Math.floor(limit);
  return whole % 2 === 1 ? whole : whole - 1;
}
