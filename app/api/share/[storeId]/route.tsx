import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageResponse } from "next/og";
import { TILE_GROUND, tileArt, tileOf, tileSeed } from "@/components/tile-art";
import { DomainError } from "@/lib/errors";
import { getPublicStore } from "@/lib/explore/queries";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const SIZE = { width: 1200, height: 630 };
const [INK, MUTED] = ["#0B1B36", "#525F78"];
const FACES = { display: "@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-700-normal.woff", text: "@fontsource/figtree/files/figtree-latin-600-normal.woff" } as const;
let faces: Promise<[Buffer, Buffer]> | undefined;
const faceOf = (name: keyof typeof FACES) => readFile(join(process.cwd(), "node_modules", FACES[name]));

/** Only letters that the two faces have: for any other the drawing library would ask a host of somebody else's. */
const drawable = (text: string): string => text.normalize("NFC").replace(/[^\u0020-\u007e\u00a0-\u00ff\u0152\u0153\u2013\u2014\u2018-\u201d\u2022\u2026]/g, "").replace(/\s+/g, " ").trim();

/** The picture of a link to a store: its tile, name and place, 1200 × 630. */
export async function GET(_request: Request, { params }: { params: Promise<{ storeId: string }> }) {
  try {
    const store = await getPublicStore((await params).storeId);
    const [display, text] = await (faces ??= Promise.all([faceOf("display"), faceOf("text")]));
    const look = tileOf(tileSeed(store.id, store.qrVersion));
    const tile = `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="480" height="480">${tileArt(look)}</svg>`).toString("base64")}`;
    return new ImageResponse(
      (
        <div style={{ display: "flex", width: "100%", height: "100%", background: TILE_GROUND, color: INK, fontFamily: "text" }}>
          <div style={{ display: "flex", width: 480, height: 630, flexWrap: "wrap", overflow: "hidden", background: TILE_GROUND }}>
            {[0, 1, 2, 3, 4, 5].map((index) => (
              // oxlint-disable-next-line next/no-img-element -- drawn into a picture, not into a page
              <img key={index} src={tile} width={240} height={240} alt="" />
            ))}
          </div>
          <div style={{ display: "flex", flex: 1, flexDirection: "column", justifyContent: "space-between", padding: "64px 60px" }}>
            <div style={{ display: "flex", flexDirection: "column" }}>
              <div style={{ display: "block", fontFamily: "display", fontSize: 76, lineHeight: 1.08, letterSpacing: -1.5, lineClamp: 3 }}>{drawable(store.name) || store.symbol}</div>
              <div style={{ display: "block", marginTop: 24, fontSize: 34, lineHeight: 1.3, color: MUTED, lineClamp: 2 }}>{drawable(store.place ?? "")}</div>
            </div>
            <div style={{ display: "flex", justifyContent: "space-between", alignItems: "center", fontSize: 34 }}>
              <div style={{ display: "flex", fontFamily: "display", fontSize: 44 }}>CocoPay</div>
              <div style={{ display: "flex", color: MUTED }}>{look.word.normalize("NFC")}</div>
            </div>
          </div>
        </div>
      ),
      {
        ...SIZE,
        fonts: [
          { name: "display", data: display, weight: 700 },
          { name: "text", data: text, weight: 600 },
        ],
        headers: { "cache-control": "public, max-age=3600" },
      },
    );
  } catch (error) {
    if (error instanceof DomainError) return new Response(null, { status: 404 });
    throw error;
  }
}
