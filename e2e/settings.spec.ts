import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { makeOwnStore } from "./own-store";

const card = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const save = (page: Page, name: string) => card(page, name).getByRole("button", { name: "Salvar" }).click();
const picture = (width = 400, height = 300) => sharp({ create: { width, height, channels: 3, background: "#B04A22" } });

test("an owner changes every part; it holds after a reload and stands in the trail", async ({ page, context, db, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const owner = await newPerson({ name: "Lúcia Prado" });
  const { storeId } = await makeOwnStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/settings`);
  await expect(page.getByRole("heading", { name: "Ajustes", level: 1 })).toBeVisible();
  await expectAccessible(page, "settings");

  const profile = card(page, "Perfil");
  await profile.getByLabel("Nome da loja").fill("Banca Nova");
  await profile.getByLabel("O que você vende").selectOption("market");
  await profile.getByLabel("Sobre a loja").fill("Artesanato\ntodo sábado");
  await save(page, "Perfil");
  await expect(page.getByText("Salvo").first()).toBeVisible();

  const place = card(page, "Endereço");
  await place.getByLabel("Latitude").fill("-27,6701");
  await place.getByLabel("Longitude").fill("-48,4912");
  await save(page, "Endereço");

  const hours = card(page, "Horários");
  await hours.getByRole("switch", { name: "sexta-feira" }).click();
  await hours.getByLabel("sexta-feira: abre").fill("18:00");
  await hours.getByLabel("sexta-feira: fecha").fill("02:00");
  await save(page, "Horários");

  const links = card(page, "Links");
  await links.getByLabel("Site").fill("bancanova.com.br");
  await links.getByLabel("Instagram").fill("@banca.nova");
  await save(page, "Links");

  const business = card(page, "Caixa e empresa");
  await business.getByLabel("Fuso horário").selectOption("America/Manaus");
  await business.getByLabel("CNPJ").fill("12.abc.345/01de-35");
  await business.getByLabel(/Até quanto admins/).fill("30,00");
  await save(page, "Caixa e empresa");

  await expect
    .poll(async () => (await db`SELECT name, category, latitude::float8 AS latitude, opening_hours, website, instagram, time_zone, cnpj, refund_limit_usd::float8 AS refund FROM stores WHERE id = ${storeId}`)[0])
    .toEqual({ name: "Banca Nova", category: "market", latitude: -27.6701, opening_hours: [[], [], [], [], [], [[1080, 1560]], []], website: "https://bancanova.com.br/", instagram: "banca.nova", time_zone: "America/Manaus", cnpj: "12ABC34501DE35", refund: 30 });
  await page.reload();
  await expect(card(page, "Horários").getByLabel("sexta-feira: fecha")).toHaveValue("02:00");
  await expect(card(page, "Caixa e empresa").getByLabel("CNPJ")).toHaveValue("12ABC34501DE35");
  await expect(page.getByText("Sigla das recompensas")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Sigla das recompensas" })).toHaveCount(0);
});

test("markup in any text gets a sentence beside its field, and nothing is written", async ({ page, context, db, newPerson, signInAs }) => {
  const owner = await newPerson();
  const { storeId, name } = await makeOwnStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/settings`);
  await card(page, "Perfil").getByLabel("Nome da loja").fill("<b>Loja</b>");
  await save(page, "Perfil");
  await expect(card(page, "Perfil").getByText("O nome tem de 2 a 60 letras")).toBeVisible();
  await card(page, "Perfil").getByLabel("Nome da loja").fill(name);
  await card(page, "Perfil").getByLabel("Sobre a loja").fill("<script>alert(1)</script>");
  await save(page, "Perfil");
  await expect(card(page, "Perfil").getByText("Use texto simples")).toBeVisible();
  await card(page, "Links").getByLabel("Site").fill("javascript:alert(1)");
  await save(page, "Links");
  await expect(card(page, "Links").getByText("Este endereço não está certo")).toBeVisible();
  await card(page, "Caixa e empresa").getByLabel("CNPJ").fill("11.222.333/0001-82");
  await save(page, "Caixa e empresa");
  await expect(card(page, "Caixa e empresa").getByText("Este CNPJ não está certo")).toBeVisible();
  expect((await db`SELECT name, description, website, cnpj FROM stores WHERE id = ${storeId}`)[0]).toEqual({ name, description: null, website: null, cnpj: null });
});

test("of two tabs the second is told, and reads what the first wrote", async ({ page, context, db, newPerson, signInAs }) => {
  const owner = await newPerson();
  const { storeId } = await makeOwnStore(db, owner);
  await signInAs(context, owner);
  const other = await context.newPage();
  for (const tab of [page, other]) await tab.goto(`/stores/${storeId}/settings`);
  await card(page, "Perfil").getByLabel("Nome da loja").fill("Primeira Aba");
  await save(page, "Perfil");
  await expect(page.getByText("Salvo").first()).toBeVisible();
  await card(other, "Perfil").getByLabel("Nome da loja").fill("Segunda Aba");
  await save(other, "Perfil");
  await expect(other.getByText("Alguém mudou esta parte")).toBeVisible();
  await other.getByRole("button", { name: "Recarregar" }).click();
  await expect(card(other, "Perfil").getByLabel("Nome da loja")).toHaveValue("Primeira Aba");
});

test("only pictures become a logo, drawn anew; the tile comes back when it is taken away", async ({ page, context, db, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const owner = await newPerson();
  const { storeId } = await makeOwnStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/settings`);
  const logo = card(page, "Logo");
  const png = await picture().png().toBuffer();
  const wrong: [string, string, Buffer][] = [
    ["logo.svg", "image/svg+xml", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ["page.png", "image/png", Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["bomb.png", "image/png", await picture(10_000, 10_000).png({ compressionLevel: 9 }).toBuffer()],
    ["large.png", "image/png", Buffer.concat([png, randomBytes(3_000_000)])],
  ];
  for (const [name, mimeType, buffer] of wrong) {
    await page.reload();
    await logo.getByLabel("Escolher imagem").setInputFiles({ name, mimeType, buffer });
    await expect(logo.getByText("Use uma imagem PNG, JPEG ou WebP"), name).toBeVisible();
  }
  expect((await db`SELECT logo_hash FROM stores WHERE id = ${storeId}`)[0]?.["logo_hash"]).toBeNull();

  await logo.getByLabel("Escolher imagem").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: png });
  await expect(page.getByText("Logo guardado")).toBeVisible();
  const hash = (await db<{ logo_hash: string }[]>`SELECT logo_hash FROM stores WHERE id = ${storeId}`)[0]?.logo_hash;
  const served = await page.request.get(`/api/logos/${storeId}/${hash}/large`);
  expect(served.headers()).toMatchObject({ "content-type": "image/webp", "cache-control": "public, max-age=31536000, immutable" });
  expect(await sharp(await served.body()).metadata()).toMatchObject({ format: "webp", width: 512, height: 512 });
  await logo.getByRole("button", { name: "Tirar o logo" }).click();
  await expect(page.getByText("Logo retirado")).toBeVisible();
  expect((await page.request.get(`/api/logos/${storeId}/${hash}/large`)).status()).toBe(404);
});

for (const role of ["admin", "staff"] as const) {
  test(`${role} is told that settings are the owner's, and by whom`, async ({ page, context, samplePerson, sampleStore, signInAs }) => {
    await signInAs(context, await samplePerson(role));
    const answer = await page.goto(`/stores/${sampleStore.storeId}/settings`);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "Os ajustes são só para quem é dono" })).toBeVisible();
    await expect(page.getByText("Marina Souza").first()).toBeVisible();
    const sent = await page.request.post(`/api/stores/${sampleStore.storeId}/logo`, { data: await picture().png().toBuffer(), headers: { origin: new URL(page.url()).origin } });
    expect(sent.status()).toBe(403);
  });
}
