import sharp from "sharp";
import { expect, test } from "vitest";
import { sql } from "@/db/client";
import { makeStore } from "@/lib/test/factories";
import { GET } from "./route";

const get = (storeId: string) => GET(new Request(`http://localhost:3000/api/share/${storeId}`), { params: Promise.resolve({ storeId }) });

test("a link's picture is a PNG of 1200 × 630, also for a name that no face can write", async () => {
  const { storeId } = await makeStore();
  for (const name of ["Café da Praia", "<b>Loja</b> 🥥 漢字", "漢字"]) {
    await sql`UPDATE stores SET name = ${name} WHERE id = ${storeId}`;
    const answer = await get(storeId);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ format: "png", width: 1200, height: 630 });
  }
});

test("an unknown store has none", async () => {
  expect((await get("0192f0c0-0000-7000-8000-0000000000ff")).status).toBe(404);
});
