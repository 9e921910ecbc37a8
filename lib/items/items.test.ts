import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { sql } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { quickItems } from "@/lib/charges/queries";
import { DomainError } from "@/lib/errors";
import { makePerson, makeRate, makeStore } from "@/lib/test/factories";
import { moveItem, removeItem, setAvailable } from "./change-item";
import { importItems } from "./import-items";
import { listItems } from "./queries";
import { ITEMS_MAX } from "./rules";
import { saveItem } from "./save-item";

beforeAll(() => makeRate());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
type Shop = { storeId: string; actor: Actor };
async function add({ storeId, actor }: Shop, name: string, price = "900", category = "", itemId = randomUUID()) {
  await saveItem(actor, { storeId, itemId, name, category, price });
  return itemId;
}
const namesOf = async ({ storeId, actor }: Shop) => (await listItems(actor, storeId)).map(({ category, items }) => [category, ...items.map(({ name }) => name)]);
const auditsOf = (storeId: string) => sql<{ action: string; count: number }[]>`SELECT action, count(*)::int AS count FROM audit_logs WHERE resource_id = ${storeId} AND action LIKE 'item%' GROUP BY action ORDER BY action`;
const load = ({ storeId, actor }: Shop, text: string | Uint8Array, isPreview = false) => importItems(actor, { storeId, file: typeof text === "string" ? Buffer.from(text) : text, isPreview });

test("items stand by category in the store's order; what is changed or said twice is one item", async () => {
  const shop = await makeStore();
  const coffee = await add(shop, " Café   coado ", "650", "Bebidas");
  const bread = await add(shop, "Pão de queijo", "5,50", "Salgados");
  const juice = await add(shop, "Suco", "1200", "bebidas");
  await add(shop, "Suco de uva", "12,90", "Bebidas", juice);
  await add(shop, "Suco de uva", "12,90", "Bebidas", juice);
  expect(await namesOf(shop)).toEqual([["Bebidas", "Café coado", "Suco de uva"], ["Salgados", "Pão de queijo"]]);
  await moveItem(shop.actor, { storeId: shop.storeId, itemId: juice, move: "up" });
  await moveItem(shop.actor, { storeId: shop.storeId, itemId: juice, move: "up" });
  expect(await namesOf(shop)).toEqual([["Bebidas", "Suco de uva", "Café coado"], ["Salgados", "Pão de queijo"]]);
  await setAvailable(shop.actor, { storeId: shop.storeId, itemId: coffee, isAvailable: false });
  await setAvailable(shop.actor, { storeId: shop.storeId, itemId: coffee, isAvailable: false });
  expect((await quickItems(shop.actor, shop.storeId)).map(({ name }) => name)).toEqual(["Suco de uva", "Pão de queijo"]);
  await removeItem(shop.actor, { storeId: shop.storeId, itemId: bread });
  await removeItem(shop.actor, { storeId: shop.storeId, itemId: bread });
  expect(await namesOf(shop)).toEqual([["Bebidas", "Suco de uva", "Café coado"]]);
  // A removed name is free again, and a removed item does not come back by its form.
  await add(shop, "pão de QUEIJO", "600");
  expect(await codeOf(add(shop, "Outro", "600", "", bread))).toBe("not_found");
  expect([...(await auditsOf(shop.storeId))]).toEqual([{ action: "item.added", count: 4 }, { action: "item.changed", count: 3 }, { action: "item.removed", count: 1 }]);
});

test.each([
  ["", "900", "", "item_name_invalid"],
  ["a".repeat(81), "900", "", "item_name_invalid"],
  ["<b>Café</b>", "900", "", "item_name_invalid"],
  ["Caf\u202Eé", "900", "", "item_name_invalid"],
  ["Café", "0", "", "amount_missing"],
  ["Café", "-5,00", "", "amount_negative"],
  ["Café", "1.234", "", "amount_ambiguous"],
  ["Café", "999999999", "", "limit_payment"],
  ["Café", "900", "<i>", "item_category_invalid"],
  ["Café", "900", "c".repeat(41), "item_category_invalid"],
] as const)("an item %j at %j in %j is refused", async (name, price, category, code) => {
  const shop = await makeStore();
  expect(await codeOf(add(shop, name, price, category))).toBe(code);
  expect(await namesOf(shop)).toEqual([]);
});

test("what looks like a formula is a name", async () => {
  const shop = await makeStore();
  await add(shop, "=HYPERLINK(\"x\")");
  await load(shop, "nome;preço\n\"=1+1\";2,00\n'+55 água;3,00\n");
  expect(await namesOf(shop)).toEqual([[null, "=HYPERLINK(\"x\")", "=1+1", "+55 água"]]);
});

test("a name is taken once, also by two tabs at the same moment, and the catalogue has an end", async () => {
  const shop = await makeStore();
  const answers = await Promise.all(Array.from({ length: 6 }, () => codeOf(add(shop, "Brigadeiro"))));
  expect(answers.filter((code) => code === null)).toHaveLength(1);
  expect(answers.filter((code) => code === "item_name_taken")).toHaveLength(5);
  const lines = (count: number, word: string) => `name,price\n${Array.from({ length: count }, (_, at) => `${word} ${at},1.00`).join("\n")}`;
  expect(await codeOf(load(shop, lines(ITEMS_MAX, "doce")))).toBe("items_limit");
  expect(await load(shop, lines(ITEMS_MAX - 1, "doce"))).toEqual({ kind: "done", added: ITEMS_MAX - 1, updated: 0 });
  expect(await codeOf(add(shop, "Mais um"))).toBe("items_limit");
});

test("staff sell items and don't keep them; a stranger finds none; another store's item is not found", async () => {
  const [shop, staff, other] = [await makeStore(), await makeStore({ role: "staff" }), await makeStore()];
  const { actor: stranger } = await makePerson();
  const itemId = await add(shop, "Café");
  expect(await codeOf(add(staff, "Café"))).toBe("forbidden");
  expect(await codeOf(listItems(staff.actor, staff.storeId))).toBe("forbidden");
  expect(await codeOf(load(staff, "nome;preço\nCafé;2,00"))).toBe("forbidden");
  expect(await quickItems(staff.actor, staff.storeId)).toEqual([]);
  for (const run of [
    () => quickItems(stranger, shop.storeId),
    () => removeItem(stranger, { storeId: shop.storeId, itemId }),
    () => removeItem(other.actor, { storeId: other.storeId, itemId }),
    () => setAvailable(other.actor, { storeId: other.storeId, itemId, isAvailable: false }),
    () => moveItem(other.actor, { storeId: other.storeId, itemId, move: "up" }),
    () => saveItem(other.actor, { storeId: other.storeId, itemId, name: "Meu", category: "", price: "100" }),
  ]) expect(await codeOf(run())).toBe("not_found");
  expect(await namesOf(shop)).toEqual([[null, "Café"]]);
});

test("a Brazilian file and an international one bring the same; again, it changes prices and adds nothing", async () => {
  const shop = await makeStore();
  const brazilian = "\ufeffNome;Preço;Categoria;Disponível\r\nCafé coado;6,50;Bebidas;sim\r\n\"Pão; na chapa\";1.012,00;Salgados;não\r\n\r\nÁgua;4;;\r\n";
  expect(await load(shop, brazilian, true)).toEqual({ kind: "preview", added: 3, updated: 0 });
  expect(await namesOf(shop)).toEqual([]);
  expect(await load(shop, brazilian)).toEqual({ kind: "done", added: 3, updated: 0 });
  expect(await listItems(shop.actor, shop.storeId)).toMatchObject([
    { category: "Bebidas", items: [{ name: "Café coado", priceBrlCentavos: 650n, isAvailable: true }] },
    { category: "Salgados", items: [{ name: "Pão; na chapa", priceBrlCentavos: 101_200n, isAvailable: false }] },
    { category: null, items: [{ name: "Água", priceBrlCentavos: 400n, isAvailable: true }] },
  ]);
  expect(await load(shop, brazilian)).toEqual({ kind: "done", added: 0, updated: 0 });
  expect(await load(shop, "price,product,category\n7.00,CAFÉ COADO,Bebidas\n\"1,012.00\",Pão; na chapa,Salgados\n")).toEqual({ kind: "done", added: 0, updated: 2 });
  expect((await listItems(shop.actor, shop.storeId))[0]?.items[0]).toMatchObject({ name: "Café coado", priceBrlCentavos: 700n });
  expect([...(await auditsOf(shop.storeId))]).toEqual([{ action: "items.imported", count: 2 }]);
});

test("Spanish heads and the old Windows letters are read", async () => {
  const shop = await makeStore();
  await load(shop, new Uint8Array(Buffer.from("nombre;precio;categoria\nCaf\xe9;5,00;Caf\xe9s\n", "latin1")));
  expect(await namesOf(shop)).toEqual([["Cafés", "Café"]]);
});

test("a file with bad lines changes nothing and says which lines, by their number in the file", async () => {
  const shop = await makeStore();
  const file = ["nome;preço;categoria;disponível", "Bom;1,00;;", "<script>;1,00;;", "Sem preço;;;", "De graça;0,00;;", "Letras;caro;;", "Duvidoso;1.234;;", "Demais;9.999.999,00;;", "\"Duas", "linhas\";1,00;;", "bom;2,00;;", "Talvez;1,00;;talvez", "Só nome"].join("\n");
  const outcome = await load(shop, file);
  expect(outcome).toEqual({
    kind: "refused",
    badLines: [
      { line: 3, problem: "name", text: "<script>" },
      { line: 4, problem: "price_missing", text: "" },
      { line: 5, problem: "price_missing", text: "0,00" },
      { line: 6, problem: "price", text: "caro" },
      { line: 7, problem: "price_unclear", text: "1.234" },
      { line: 8, problem: "price_too_large", text: "9.999.999,00" },
      { line: 11, problem: "twice", text: "bom" },
      { line: 12, problem: "available", text: "talvez" },
      { line: 13, problem: "columns", text: "Só nome" },
    ],
  });
  expect(await namesOf(shop)).toEqual([]);
});

test.each([
  ["no table", "isto não é uma tabela"],
  ["no price column", "nome;categoria\nCafé;Bebidas"],
  ["only heads", "nome;preço\n"],
  ["an open quote", "nome;preço\n\"Café;2,00\n"],
  ["bytes of a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3])],
] as const)("a file with %s is refused", async (_what, file) => {
  expect(await codeOf(load(await makeStore(), file))).toBe("file_invalid");
});

test("a file beyond the limit is refused before it is read", async () => {
  expect(await codeOf(load(await makeStore(), `nome;preço\n${"a;1,00\n".repeat(10_000)}`))).toBe("too_large");
});
