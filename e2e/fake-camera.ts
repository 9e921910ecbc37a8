import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser } from "@playwright/test";
import encodeQR from "qr";
import { CHROMIUM_FLAGS } from "./playwright.config";

/** Playwright empties it before each run. */
const RESULTS = fileURLToPath(new URL("../.e2e-results/", import.meta.url));
const WIDTH = 640;
const HEIGHT = 480;
const MODULE_PIXELS = 9;
const PAPER = 235;
const INK = 16;
const GREY = 128;

/** A film of one frame that shows a QR code, as raw YUV 4:2:0; the browser plays it again and again. */
function film(text: string): string {
  const rows = encodeQR(text, "raw", { border: 4 });
  const luma = Buffer.alloc(WIDTH * HEIGHT, PAPER);
  const side = rows.length * MODULE_PIXELS;
  if (side > HEIGHT) throw new Error(`The code of ${text.length} characters does not fit the picture`);
  const [left, top] = [Math.floor((WIDTH - side) / 2), Math.floor((HEIGHT - side) / 2)];
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (rows[Math.floor(y / MODULE_PIXELS)]?.[Math.floor(x / MODULE_PIXELS)]) luma[(top + y) * WIDTH + left + x] = INK;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY);
  mkdirSync(RESULTS, { recursive: true });
  const file = join(mkdtempSync(join(RESULTS, "film-")), "code.y4m");
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), Buffer.from("FRAME\n"), luma, chroma]));
  return file;
}

/** A browser whose camera looks at a QR code. */
export function browserWithCamera(text: string, executablePath: string | undefined): Promise<Browser> {
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...CHROMIUM_FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film(text)}`],
  });
}
