import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { makeOwnStore } from "./own-store";

test("an owner reads who changed what, filters it, and pages back", async ({ page, context, db, newPerson, signInAs }) => {
  test.setTimeout(120_000);
  const owner = await newPerson({ name: "Lúcia Prado" });
  const { storeId } = await makeOwnStore(db, owner);
  await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/audit`);
  await expect(page.getByRole("heading", { name: "Nada por aqui" })).toBeVisible();
  await expectAccessible(page, "audit, empty");

  await page.goto(`/stores/${storeId}/settings`);
  const profile = page.getByRole("region", { name: "Perfil", exact: true });
  await profile.getByLabel("Nome da loja").fill("Banca Nova");
  await profile.getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByText("Salvo").first()).toBeVisible();
  for (let index = 0; index < 60; index += 1) {
    await db`INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, created_at) VALUES (gen_random_uuid(), ${owner.userId}, 'store.logo_changed', 'store', ${storeId}, now() - make_interval(mins => ${index + 10}))`;
  }

  await page.goto(`/stores/${storeId}/audit`);
  const lines = page.getByRole("list", { name: "Auditoria" }).getByRole("listitem");
  await expect(lines).toHaveCount(50);
  await expect(lines.first()).toContainText("Mudou o perfil");
  await expect(lines.first()).toContainText("Banca da Lúcia");
  await expect(lines.first()).toContainText("Banca Nova");
  await expect(lines.first()).toContainText("Lúcia Prado");
  await expectAccessible(page, "audit");
  await page.getByRole("link", { name: "Mais antigos" }).click();
  await expect(lines).toHaveCount(11);

  await page.goto(`/stores/${storeId}/audit`);
  await page.getByLabel("Assunto").selectOption("team");
  await page.getByRole("button", { name: "Filtrar" }).click();
  await expect(page.getByRole("heading", { name: "Nada por aqui" })).toBeVisible();
  await page.getByRole("link", { name: "Limpar" }).click();
  await expect(lines).toHaveCount(50);
});

for (const role of ["admin", "staff"] as const) {
  test(`${role} does not see the trail`, async ({ page, context, samplePerson, sampleStore, signInAs }) => {
    await signInAs(context, await samplePerson(role));
    expect((await page.goto(`/stores/${sampleStore.storeId}/audit`))?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "A auditoria é só para quem é dono" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Auditoria" })).toHaveCount(0);
  });
}
