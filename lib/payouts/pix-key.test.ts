import fc from "fast-check";
import { expect, test } from "vitest";
import { validateBankAccount, type TypedBankAccount } from "./bank-account";
import { readCnpj, readCpf } from "./documents";
import { candidates, typeOfKey, validatePixKey } from "./pix-key";
import { PIX_KEY_TYPES, type PixKeyType } from "./rules";

test.each<[PixKeyType, string, string, string]>([
  ["cpf", "529.982.247-25", "52998224725", "***.982.247-**"],
  ["cpf", " 529 982 247 25\n", "52998224725", "***.982.247-**"],
  ["cnpj", "11.444.777/0001-61", "11444777000161", "11.444.777/0001-61"],
  // The example of the tax office for the alphanumeric number.
  ["cnpj", "12.ABC.345/01DE-35", "12ABC34501DE35", "12.ABC.345/01DE-35"],
  ["cnpj", "12abc34501de35", "12ABC34501DE35", "12.ABC.345/01DE-35"],
  ["phone", "(48) 99876-5432", "+5548998765432", "+55 48 •••••-5432"],
  ["phone", "+55 48 99876 5432", "+5548998765432", "+55 48 •••••-5432"],
  ["phone", "5548998765432", "+5548998765432", "+55 48 •••••-5432"],
  ["phone", "048998765432", "+5548998765432", "+55 48 •••••-5432"],
  ["email", " Ana.Lima@Padaria.com.BR ", "ana.lima@padaria.com.br", "a•••@padaria.com.br"],
  ["random", "123E4567-E89B-12D3-A456-426655440000", "123e4567-e89b-12d3-a456-426655440000", "123e••••0000"],
  ["random", "123e4567e89b12d3a456426655440000", "123e4567-e89b-12d3-a456-426655440000", "123e••••0000"],
])("%s %j is %s", (type, text, key, shown) => {
  expect(validatePixKey(type, text)).toEqual({ type, key, shown });
  expect(typeOfKey(key)).toBe(type);
});

test.each<[PixKeyType, string]>([
  ["cpf", "529.982.247-26"],
  ["cpf", "11111111111"],
  ["cpf", "5299822472"],
  ["cpf", "529982247250"],
  ["cpf", "5299822472a"],
  ["cnpj", "11.444.777/0001-62"],
  ["cnpj", "00000000000000"],
  ["cnpj", "12ABC34501DEA5"],
  ["cnpj", "12ABC34501DE36"],
  ["cnpj", "12ÁBC34501DE35"],
  ["phone", "48 3222-1234"],
  ["phone", "(20) 99876-5432"],
  ["phone", "+1 415 555 0100"],
  ["phone", "99876-5432"],
  ["phone", "+5548998765432 ramal 2"],
  ["email", "ana@padaria"],
  ["email", "ana%lima@padaria.com.br"],
  ["email", "ana lima@padaria.com.br"],
  ["email", `${"a".repeat(64)}@${"b".repeat(12)}.br`.replace("@", "a@")],
  ["email", "ana@-padaria.com.br"],
  ["email", "<script>@padaria.com.br"],
  ["random", "123e4567-e89b-12d3-a456-42665544000"],
  ["random", "123e4567-e89b-12d3-a456-42665544000g"],
  ...PIX_KEY_TYPES.map((type): [PixKeyType, string] => [type, ""]),
  ...PIX_KEY_TYPES.map((type): [PixKeyType, string] => [type, "x".repeat(100_000)]),
])("%s %j is no key", (type, text) => {
  expect(validatePixKey(type, text)).toBeNull();
});

test.each([
  // A phone that is a valid CPF, one that is not, and a CPF that is no phone.
  ["11987654399", ["cpf", "phone"]],
  ["48998765432", ["cpf", "phone"]],
  ["52998224725", ["cpf"]],
  ["(48) 99876-5432", ["phone"]],
  ["+5548998765432", ["phone"]],
  ["11.444.777/0001-61", ["cnpj"]],
  ["ana@padaria.com.br", ["email"]],
  ["123e4567-e89b-12d3-a456-426655440000", ["random"]],
  ["48 3222-1234", []],
  ["", []],
])("%s may be %j", (text, types) => {
  expect(candidates(text)).toEqual(types);
});

const digits = (length: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(""));
const cnpjBody = fc.array(fc.constantFrom(...Array.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")), { minLength: 12, maxLength: 12 }).map((list) => list.join(""));
const ends = Array.from({ length: 100 }, (_, end) => String(end).padStart(2, "0"));

test("of the hundred ends of a number exactly one is right", () => {
  fc.assert(
    fc.property(digits(9), cnpjBody, (cpf, cnpj) => {
      fc.pre(!/^(.)\1*$/.test(cpf));
      expect(ends.filter((end) => readCpf(cpf + end))).toHaveLength(1);
      fc.pre(!/^(.)\1*$/.test(cnpj));
      expect(ends.filter((end) => readCnpj(cnpj + end))).toHaveLength(1);
    }),
  );
});

test("a key that was read is read as itself, and no text breaks a reader", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PIX_KEY_TYPES), fc.oneof(fc.string(), digits(11), digits(14), fc.uuid(), fc.emailAddress()), (type, text) => {
      const read = validatePixKey(type, text);
      if (!read) return;
      expect(validatePixKey(type, read.key)).toEqual(read);
      expect(read.key.length).toBeLessThanOrEqual(77);
      expect(candidates(text)).toContain(type);
      expect(typeOfKey(read.key)).toBe(type);
    }),
    { numRuns: 500 },
  );
});

const ACCOUNT: TypedBankAccount = { holderName: " Ana  Lima ", document: "529.982.247-25", bankCode: "341", branch: "0001", account: "12.345-6", accountType: "checking" };

test("a bank account in one spelling, masked", () => {
  expect(validateBankAccount(ACCOUNT)).toEqual({
    destination: { kind: "bank", holderName: "Ana Lima", document: "52998224725", bankCode: "341", branch: "0001", account: "12345-6", accountType: "checking" },
    shown: "Ana Lima, ***.982.247-**, 341, ••••45-6",
  });
  expect(validateBankAccount({ ...ACCOUNT, document: "12.ABC.345/01DE-35", bankCode: "60701190", branch: "1357-9", account: "76543-x" })).toMatchObject({ destination: { document: "12ABC34501DE35", branch: "1357-9", account: "76543-X" } });
});

test.each<[Partial<TypedBankAccount>, string[]]>([
  [{ holderName: "A" }, ["holderName"]],
  [{ holderName: "<b>Ana</b>" }, ["holderName"]],
  [{ document: "52998224726" }, ["document"]],
  [{ bankCode: "34" }, ["bankCode"]],
  [{ branch: "0000" }, ["branch"]],
  [{ branch: "abc", account: "" }, ["branch", "account"]],
  [{ account: "0-0" }, ["account"]],
])("%j is wrong in %j", (change, wrong) => {
  expect(validateBankAccount({ ...ACCOUNT, ...change })).toEqual({ wrong });
});
