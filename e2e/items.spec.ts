import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";
import { addItem, openItems, row } from "./item-pages";

const unique = (word: string) => `${word} ${Math.random().toString(36).slice(2, 8)}`;
const fileOf = (text: string) => ({ name: "itens.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${text}`) });

test("the owner adds, orders, hides, changes and removes items", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("owner"));
  const [category, first, second] = [unique("Doces"), unique("Brigadeiro"), unique("Cocada")];
  await openItems(page, sampleStore.storeId);
  await addItem(page, first, category, "4,50");
  await addItem(page, second, category, "6,00");
  const names = page.locator("section").filter({ has: page.getByRole("heading", { name: category }) }).locator("li p.font-semibold");
  await expect(names).toHaveText([first, second]);

  // By keyboard: the same arrow keeps the focus.
  await page.getByRole("button", { name: `Subir ${second}` }).focus();
  await page.keyboard.press("Enter");
  await expect(names).toHaveText([second, first]);
  await expect(page.getByRole("button", { name: `Subir ${second}` })).toBeFocused();

  await page.getByRole("switch", { name: `À venda: ${first}` }).click();
  await expect(page.getByRole("switch", { name: `À venda: ${first}` })).not.toBeChecked();

  await page.getByRole("button", { name: `Mudar ${first}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nome", { exact: true }).fill(second);
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(dialog.getByText("Já existe um item com este nome.")).toBeVisible();
  await expectAccessible(page, "an item's dialog");
  await dialog.getByLabel("Nome", { exact: true }).fill(first);
  await dialog.getByLabel("Preço", { exact: true }).fill("5,25");
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row(page, first)).toContainText("5,25");

  await page.getByRole("button", { name: `Mudar ${second}` }).click();
  await dialog.getByRole("button", { name: "Remover item" }).click();
  await dialog.getByRole("button", { name: "Remover", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row(page, second)).toHaveCount(0);
  await expectAccessible(page, "items");
});

test("a file is previewed, refused whole for a bad line, and brought in", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("admin"));
  const [category, one, two] = [unique("Sucos"), unique("Suco de uva"), unique("<b>não</b>")];
  await openItems(page, sampleStore.storeId);
  await page.getByRole("button", { name: "Importar", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Arquivo CSV").setInputFiles(fileOf(`nome;preço;categoria\n${one};9,00;${category}\n${two};3,00;\nÁgua de coco;caro;\n`));
  await expect(dialog.getByText("2 linhas estão erradas")).toBeVisible();
  await expect(dialog.getByText("Linha 3:")).toBeVisible();
  await expect(dialog.getByText("o preço não é um valor em reais.")).toBeVisible();
  await expectAccessible(page, "an import with bad lines");
  await dialog.getByLabel("Arquivo CSV").setInputFiles(fileOf(`nome;preço;categoria\n${one};9,00;${category}\n=1+1 ${one};3,00;${category}\n`));
  await expect(dialog.getByText("2 itens novos e nenhum mudado")).toBeVisible();
  await expect(page.getByText(one)).toHaveCount(0);
  await dialog.getByRole("button", { name: "Importar 2 itens" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(`=1+1 ${one}`, { exact: true })).toBeVisible();
});

test("staff are told who keeps the items", async ({ page, context, samplePerson, sampleStore, signInAs }) => {
  await signInAs(context, await samplePerson("staff"));
  expect((await page.goto(`/stores/${sampleStore.storeId}/items`))?.status()).toBe(403);
  await expect(page.getByText("Os itens são só para donos e admins")).toBeVisible();
  await expectAccessible(page, "items refused");
});
