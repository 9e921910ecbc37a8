import { expectAccessible } from "./accessible";
import { expect, newPhone, sentCode, test, typeCode } from "./fixtures";
import { another, confirmSession, invitationIn, invite, openTeamStore, textTo } from "./team-pages";

test("somebody without an account is invited by phone, accepts with that very phone and sells", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(180_000);
  const owner = await newPerson({ name: "Helena Prado" });
  const storeId = await openTeamStore(db, owner);
  await confirmSession(db, await signInAs(context, owner));
  await page.goto(`/stores/${storeId}/team`);
  await expect(page.getByText("Helena Prado (você)")).toBeVisible();
  await expectAccessible(page, "team");
  await page.getByRole("button", { name: "Convidar", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Celular", { exact: true }).fill("123");
  await expectAccessible(page, "invite form");
  await page.getByRole("dialog").getByRole("button", { name: "Enviar convite" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
  await page.keyboard.press("Escape");

  const phone = newPhone();
  await invite(page, phone);
  await expect(page.getByText(`•••• ${phone.slice(-4)}`).first()).toBeVisible();
  const message = await textTo(page, phone, /^CocoPay: Helena chama voce para a equipe de Quiosque do Nando\..*\/invite\//);
  expect(message.length).toBeLessThanOrEqual(160);

  const { context: others, page: other } = await another(browser, { baseURL, viewport });
  await other.goto(invitationIn(message));
  await expect(other.getByRole("heading", { name: "Helena chama você para Quiosque do Nando" })).toBeVisible();
  await expect(other.getByText("Cobrar e mostrar o QR")).toBeVisible();
  await expect(other.getByText("Ver o saldo da loja", { exact: true })).toHaveCount(0);
  await expect(other.getByRole("button", { name: "Aceitar convite" })).toHaveCount(0);
  await expectAccessible(other, "invitation, stranger");
  await other.getByRole("link", { name: "Entrar com este celular" }).click();
  await other.getByLabel("Celular", { exact: true }).fill(phone);
  await other.getByRole("button", { name: "Continuar" }).click();
  await expect(other.getByRole("heading", { name: "Digite o código" })).toBeVisible();
  await typeCode(other, await sentCode(other, phone));
  await other.getByLabel("Como você se chama?").fill("Teca Lima");
  await other.getByRole("button", { name: "Continuar" }).click();
  // Back where the sign-in began.
  await expectAccessible(other, "invitation, invited");
  await other.getByRole("button", { name: "Aceitar convite" }).click();
  await expect(other).toHaveURL(new RegExp(`/stores/${storeId}/staff`));
  await expect(other.getByText("Você cobrou hoje")).toBeVisible();
  await expectAccessible(other, "staff, today");
  await expect(page.getByText("Teca Lima")).toBeVisible();
  await other.getByRole("link", { name: "Cobrar" }).click();
  await expect(other).toHaveURL(new RegExp(`/stores/${storeId}/till`));

  // Staff are told which right is missing, and the refusal stays on record.
  const refused = await other.goto(`/stores/${storeId}/team`);
  expect(refused?.status()).toBe(403);
  await expect(other.getByRole("heading", { name: "Convidar e remover a equipe: só para donos e admins" })).toBeVisible();
  await expect(other.getByText("Helena Prado")).toBeVisible();
  await expectAccessible(other, "no right");
  expect(await db`SELECT 1 FROM audit_logs WHERE action = 'permission.refused' AND resource_id = ${storeId}`).not.toHaveLength(0);
  await others.close();
});

test("declined, expired, cancelled, replaced, another phone, already in the team: each says what it is", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(180_000);
  const owner = await newPerson({ name: "Helena Prado" });
  const friend = await newPerson({ name: "Lucas Amorim" });
  const storeId = await openTeamStore(db, owner);
  await confirmSession(db, await signInAs(context, owner));
  await page.goto(`/stores/${storeId}/team`);
  const { context: others, page: other } = await another(browser, { baseURL, viewport });

  const phone = newPhone();
  await invite(page, phone);
  const declined = invitationIn(await textTo(page, phone, /\/invite\//));
  await other.goto(declined);
  await other.getByRole("button", { name: "Não quero" }).click();
  await expect(other.getByText("Convite recusado.")).toBeVisible();
  await other.goto(declined);
  await expect(other.getByRole("heading", { name: "Este convite foi recusado" })).toBeVisible();
  expect(await db`SELECT 1 FROM users WHERE phone = ${phone}`).toHaveLength(0);

  await invite(page, friend.phone);
  const first = invitationIn(await textTo(page, friend.phone, /\/invite\//));
  await db`UPDATE store_invitations SET expires_at = now() - interval '1 minute' WHERE store_id = ${storeId} AND phone = ${friend.phone}`;
  await other.goto(first);
  await expect(other.getByRole("heading", { name: "Este convite venceu" })).toBeVisible();
  await expectAccessible(other, "invitation, expired");
  await page.reload();
  await expect(page.getByText("Venceu")).toBeVisible();
  await page.getByRole("button", { name: /^Enviar de novo para/ }).click();
  await expect.poll(async () => invitationIn(await textTo(page, friend.phone, /\/invite\//))).not.toBe(first);
  await other.goto(first);
  await expect(other.getByRole("heading", { name: "Este convite não vale mais" })).toBeVisible();

  const second = invitationIn(await textTo(page, friend.phone, /\/invite\//));
  await signInAs(others, await newPerson({ name: "Rita" }));
  await other.goto(second);
  await expect(other.getByText("Você entrou com outro celular.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Aceitar convite" })).toHaveCount(0);
  await expectAccessible(other, "invitation, other phone");
  await other.getByRole("button", { name: "Entrar com outro celular" }).click();
  await expect(other).toHaveURL(/\/login/);
  await others.clearCookies();
  await signInAs(others, friend);
  // Also without the message: the invitation stands among the person's own stores.
  await other.goto("/stores");
  await expect(other.getByRole("heading", { name: "Convites para você" })).toBeVisible();
  await expectAccessible(other, "own invitations");
  await other.getByRole("button", { name: /^Aceitar convite/ }).click();
  await expect(other).toHaveURL(new RegExp(`/stores/${storeId}`));
  await other.goto(second);
  await expect(other.getByRole("heading", { name: "Você já está na equipe de Quiosque do Nando" })).toBeVisible();

  const third = newPhone();
  await page.reload();
  await invite(page, third, "Admin");
  const cancelled = invitationIn(await textTo(page, third, /\/invite\//));
  await page.getByRole("button", { name: /^Cancelar o convite para/ }).click();
  await expect(page.getByText("Convite cancelado")).toBeVisible();
  // Somebody of the team would read that they are in it already.
  await others.clearCookies();
  await other.goto(cancelled);
  await expect(other.getByRole("heading", { name: "Este convite foi cancelado" })).toBeVisible();
  await others.close();
});

test("roles change, a removed member's open till closes within five seconds, people leave, a store is handed over", async ({ page, context, browser, baseURL, viewport, db, newPerson, signInAs }) => {
  test.setTimeout(180_000);
  const owner = await newPerson({ name: "Helena Prado" });
  const nando = await newPerson({ name: "Nando Vieira" });
  const bia = await newPerson({ name: "Bia Rocha" });
  const storeId = await openTeamStore(db, owner, [{ person: nando, role: "staff" }, { person: bia, role: "staff" }]);
  const session = await signInAs(context, owner);
  await page.goto(`/stores/${storeId}/team`);

  // Making an admin asks for a second factor; without one it is not done, and the dialog comes back.
  await page.getByRole("button", { name: "Mudar Nando Vieira" }).click();
  await page.getByRole("button", { name: "Tornar admin" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(1);
  await page.keyboard.press("Escape");
  expect(await db`SELECT role FROM store_members WHERE store_id = ${storeId} AND user_id = ${nando.userId}`).toEqual([{ role: "staff" }]);
  await confirmSession(db, session);
  await page.reload();
  await page.getByRole("button", { name: "Mudar Nando Vieira" }).click();
  await expectAccessible(page, "member's dialog");
  await page.getByRole("button", { name: "Tornar admin" }).click();
  await expect.poll(async () => (await db`SELECT role FROM store_members WHERE store_id = ${storeId} AND user_id = ${nando.userId}`)[0]?.["role"]).toBe("admin");

  const { context: others, page: till } = await another(browser, { baseURL, viewport });
  await signInAs(others, bia);
  await till.goto(`/stores/${storeId}/till`);
  await expect(till.getByRole("heading", { name: "Caixa" }).first()).toBeVisible();
  await page.getByRole("button", { name: "Mudar Bia Rocha" }).click();
  await page.getByRole("button", { name: "Remover da equipe" }).click();
  await expect(page.getByRole("dialog", { name: "Remover Bia Rocha?" })).toBeVisible();
  await page.getByRole("button", { name: "Remover", exact: true }).click();
  await expect(till.getByText("Você não tem mais acesso a este caixa.")).toBeVisible({ timeout: 5_000 });
  expect((await till.goto(`/stores/${storeId}/till`))?.status()).toBe(404);
  await textTo(page, bia.phone, /nao faz mais parte da equipe/);
  await others.close();

  // An owner stays until the store is somebody else's.
  await page.goto(`/stores/${storeId}/pin`);
  await expect(page.getByText("Para sair, passe a loja para alguém da equipe antes.")).toBeVisible();
  await expectAccessible(page, "own seat");
  await page.goto("/security/data/delete");
  await page.getByRole("link", { name: "Passar para alguém" }).first().click();
  await page.getByRole("button", { name: "Mudar Nando Vieira" }).click();
  await page.getByRole("button", { name: "Passar a loja" }).click();
  await expect(page.getByRole("dialog", { name: "Passar a loja para Nando Vieira?" })).toBeVisible();
  await page.getByRole("button", { name: "Passar a loja" }).click();
  await expect.poll(async () => (await db`SELECT user_id FROM store_members WHERE store_id = ${storeId} AND role = 'owner'`)[0]?.["user_id"]).toBe(nando.userId);
  await textTo(page, nando.phone, /uma loja passou para voce/);
  await page.goto(`/stores/${storeId}/pin`);
  await page.getByRole("button", { name: "Sair da equipe" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sair da equipe" }).click();
  await expect(page).toHaveURL(/\/stores\?list=1/);
  expect((await page.goto(`/stores/${storeId}/team`))?.status()).toBe(404);
});
