import type { Locale } from "@/lib/i18n/locale";

/**
 * A store's azulejo: the same seed always gives the same tile, name and word, in browser and server. The seed is the store's verified id and the
 * version of its QR code (`tileSeed`), so a swapped or rotated sticker shows another tile. It helps eyes and never proves anything.
 */
export interface Glaze {
  key: string;
  names: Record<Locale, string>;
  main: string;
  tint: string;
}

const glaze = (key: string, pt: string, en: string, es: string, main: string, tint: string): Glaze => ({ key, names: { "pt-BR": pt, en, es }, main, tint });

/** The eight colours of the tiles, the same in both themes. */
export const GLAZES: readonly Glaze[] = [
  glaze("cobalto", "azul", "blue", "azul", "#1F48B5", "#A9BEF2"),
  glaze("mar", "turquesa", "teal", "turquesa", "#0B6A7A", "#9AD6DC"),
  glaze("mata", "oliva", "olive", "oliva", "#4A611F", "#CBD89A"),
  glaze("barro", "barro", "clay", "barro", "#B04A22", "#F3BE9F"),
  glaze("ipe", "amarelo", "yellow", "amarillo", "#8F6200", "#FFCF5C"),
  glaze("pitanga", "vermelho", "red", "rojo", "#A3243F", "#F2AEB6"),
  glaze("jabuticaba", "vinho", "plum", "ciruela", "#5B2A52", "#DDB2CE"),
  glaze("pedra", "grafite", "slate", "grafito", "#33455C", "#B5C3D3"),
];

/** The white of every tile. */
export const TILE_GROUND = "#FBFBF6";

/** The check words, said aloud and printed on stickers in every language. */
const WORDS = [
  "concha farol canoa tainha restinga duna coqueiro rede vela âncora maré lagoa siri ostra garça figueira",
  "pipa remo areia brisa jangada tarrafa berbigão gaivota bromelia renda engenho mirante trilha costão baleia estrela",
  "aurora nuvem chuva lua pedra ponte porto praia sal sombra tambor violão viola caju pitanga butiá araçá banana goiaba",
  "mel milho pinhão erva folha flor raiz semente ninho pluma asa peixe onda",
].flatMap((line) => line.split(" "));

/** What a seed looks like: a glaze, a motif at each place, inversion, and the check word. */
export interface TileLook {
  glaze: Glaze;
  corner: number;
  middle: number;
  edge: number;
  isInverted: boolean;
  word: string;
}

/** The seed of a store's tile. */
export const tileSeed = (storeId: string, qrVersion: number): string => `${storeId}:${qrVersion}`;

/** FNV-1a with a final mix: spreads looks evenly, secures nothing. */
function spread(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}

/** The look of a seed. */
export function tileOf(seed: string): TileLook {
  const bits = spread(seed);
  return {
    glaze: GLAZES[bits % 8]!,
    corner: (bits >>> 3) % CORNERS.length,
    middle: (bits >>> 7) % MIDDLES.length,
    edge: (bits >>> 11) % EDGES.length,
    isInverted: ((bits >>> 15) & 1) === 0,
    word: WORDS[(bits >>> 17) % WORDS.length]!,
  };
}

/** The check word of a seed alone. */
export const tileWord = (seed: string): string => tileOf(seed).word;

/** A shape in the main colour or in the tint: a path, or a circle (cx, cy, r). */
type Shape = readonly [tone: "main" | "tint", drawing: string | readonly [number, number, number]];

/** One quarter is drawn in 0..32: (0,0) is the tile's corner, (32,32) its middle. Each list goes from the lowest layer to the highest. */
const CORNERS: readonly (readonly Shape[])[] = [
  [["main", "M0 0H15A15 15 0 0 1 0 15Z"], ["tint", "M0 0H7A7 7 0 0 1 0 7Z"]],
  [["main", "M11 0H17A17 17 0 0 1 0 17V11A11 11 0 0 0 11 0Z"], ["main", "M0 0H6A6 6 0 0 1 0 6Z"]],
  [["main", "M0 0H16L0 16Z"], ["tint", "M0 0H8L0 8Z"]],
  [["tint", "M0 0A18 18 0 0 1 18 18A18 18 0 0 1 0 0Z"], ["main", "M0 0H6A6 6 0 0 1 0 6Z"]],
  [["tint", "M0 0H19A19 19 0 0 1 0 19Z"], ["main", "M0 0H11A11 11 0 0 1 0 11Z"]],
];
const MIDDLES: readonly (readonly Shape[])[] = [
  [["main", "M32 32A20 20 0 0 1 12 12A20 20 0 0 1 32 32Z"]],
  [["main", "M32 32V18A14 14 0 0 0 18 32Z"], ["tint", "M32 32V26A6 6 0 0 0 26 32Z"]],
  [["main", "M32 32V12Q30 30 12 32Z"], ["tint", "M32 32L22 22L27 32Z"]],
  [["main", [23.5, 23.5, 8.5]], ["tint", [23.5, 23.5, 3.2]]],
  [["main", "M32 14L14 32H32Z"], ["tint", "M32 23L23 32H32Z"]],
  [["tint", "M32 32A17 17 0 0 1 15 15A17 17 0 0 1 32 32Z"], ["main", "M32 32V20A6 12 0 0 0 32 32H20A12 6 0 0 1 32 32Z"], ["main", "M32 32V27A5 5 0 0 0 27 32Z"]],
];
const EDGES: readonly (readonly Shape[])[] = [
  [["main", "M26 0A6 6 0 0 0 32 6V0ZM0 26A6 6 0 0 1 6 32H0Z"]],
  [["main", "M25 0L32 8V0ZM0 25L8 32H0Z"]],
  [["main", "M32 0V10A10 10 0 0 1 22 0ZM0 32H10A10 10 0 0 0 0 22Z"], ["tint", "M32 0V4A4 4 0 0 1 28 0ZM0 32H4A4 4 0 0 0 0 28Z"]],
  [],
];
const LAYER_COUNT = 3;

const paints = ({ glaze: { main, tint }, isInverted }: TileLook) =>
  isInverted ? { ground: main, main: TILE_GROUND, tint } : { ground: TILE_GROUND, main, tint };

/** The shapes of one quarter by layer. A thin stroke in the fill's colour closes the hairline between quarters. */
function layersOf(look: TileLook): string[] {
  const colours = paints(look);
  const motifs = [CORNERS[look.corner], MIDDLES[look.middle], EDGES[look.edge]];
  const draw = ([tone, drawing]: Shape): string => {
    const ink = `fill="${colours[tone]}" stroke="${colours[tone]}" stroke-width=".35"`;
    return typeof drawing === "string" ? `<path d="${drawing}" ${ink}/>` : `<circle cx="${drawing[0]}" cy="${drawing[1]}" r="${drawing[2]}" ${ink}/>`;
  };
  return Array.from({ length: LAYER_COUNT }, (_, layer) => motifs.map((motif) => (motif?.[layer] ? draw(motif[layer]) : "")).join(""));
}

const turned = (inside: string): string[] => [0, 90, 180, 270].map((degrees) => `<g transform="rotate(${degrees} 32 32)">${inside}</g>`);
const ground = (look: TileLook): string => `<rect width="64" height="64" fill="${paints(look).ground}"/>`;

/** The SVG inside a 64 × 64 viewBox. It is made of constants only, so it is safe as markup. */
export function tileArt(look: TileLook): string {
  return ground(look) + layersOf(look).filter(Boolean).flatMap(turned).join("");
}

/** The ground, and the shapes of one quarter: the Paid moment turns four copies of it into place. */
export function tileQuarters(look: TileLook): { ground: string; quarters: string[] } {
  return { ground: ground(look), quarters: turned(layersOf(look).join("")) };
}
