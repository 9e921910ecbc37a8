import { readFile } from "node:fs/promises";
import decodeQR from "qr/decode.js";
import sharp from "sharp";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { makeOwnStore } from "./own-store";

test("the QR comes as papers, picture and drawing; the picture says the pay link", async ({ page, context, db, baseURL, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const owner = await newPerson();
  const { storeId, shortCode } = await makeOwnStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/qr`);
  await expectAccessible(page, "qr kit");
  const download = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  for (const [link, file] of [["Cartaz A4 (PDF)", "a4"], ["Cartaz A6 (PDF)", "a6"], ["Folha de adesivos (PDF)", "stickers"]] as const) {
    const paper = await download(link);
    expect(paper.name).toBe(`cocopay-${shortCode}-${file}.pdf`);
    expect(paper.bytes.subarray(0, 5).toString()).toBe("%PDF-");
  }
  const png = await download("Imagem (PNG)");
  const { data, info } = await sharp(png.bytes).resize(600).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(decodeQR({ width: info.width, height: info.height, data: new Uint8ClampedArray(data) })).toBe(new URL(`/p/${shortCode}`, baseURL).href);
  expect((await download("Desenho (SVG)")).bytes.toString()).toContain("<svg");
});

test("a changed code: the old one warns and leads to the store, the new one works, the tile is another", async ({ page, context, db, newPerson, signInAs }) => {
  const [owner, seller] = [await newPerson({ name: "Lúcia Prado" }), await newPerson({ name: "Bia Rocha" })];
  const { storeId, shortCode } = await makeOwnStore(db, owner);
  await db`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${seller.userId}, 'staff', now())`;
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/qr`);
  await page.getByRole("button", { name: "Trocar o código" }).click();
  await expect(page.getByRole("dialog").getByText("Todos os adesivos de agora param de funcionar")).toBeVisible();
  await expectAccessible(page, "rotate dialog");
  await page.getByRole("button", { name: "Trocar agora" }).dblclick();
  await expect(page.getByText(/Código novo: [A-HJ-NP-Z2-9]{6}/)).toBeVisible();
  const [store] = await db<{ code: string; version: number; codes: number }[]>`SELECT short_code AS code, qr_version AS version, (SELECT count(*)::int FROM store_codes WHERE store_id = ${storeId}) AS codes FROM stores WHERE id = ${storeId}`;
  expect(store).toMatchObject({ version: 2, codes: 2 });
  expect(store?.code).not.toBe(shortCode);

  await page.goto(`/p/${shortCode}`);
  await expect(page.getByText("Este código foi substituído")).toBeVisible();
  await expect(page.getByRole("link", { name: "Ver a loja" })).toHaveAttribute("href", `/explore/${storeId}`);
  await expectAccessible(page, "replaced code");
  await page.goto(`/p/${store?.code}`);
  await expect(page.getByRole("heading", { name: "Banca da Lúcia" })).toBeVisible();

  // Whoever did it knows; the others of the team are told.
  await page.goto("/");
  await expect(page.getByTestId("notice-store_code_changed")).toHaveCount(0);
  await signInAs(context, seller);
  await page.goto("/");
  await expect(page.getByTestId("notice-store_code_changed")).toHaveCount(1);
  await expect(page.getByText("O código de Banca da Lúcia mudou (Lúcia trocou). O QR antigo não recebe mais: imprima o novo.")).toBeVisible();
  await expectAccessible(page, "a notice of the team");
});

test("staff print the QR and can't change the code", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("staff"));
  await page.goto(`/stores/${sampleStore.storeId}/qr`);
  await expect(page.getByRole("link", { name: "Cartaz A6 (PDF)" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Trocar o código" })).toHaveCount(0);
});
