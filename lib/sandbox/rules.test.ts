import { expect, test } from "vitest";
import { codeIn, phoneOfQuery } from "./rules";

test.each([
  ["CocoPay: 123456 é o seu código. Não passe a ninguém.", "123456"],
  ["Seu código 000001\n\n@localhost #000001", "000001"],
  ["Pagamento de 1234567 recebido", null],
  ["Olá", null],
])("the code in %j is %j", (body, code) => {
  expect(codeIn(body)).toBe(code);
});

test.each([
  ["+5548999990001", "+5548999990001"],
  [" 5548999990001", "+5548999990001"],
  ["55 (48) 99999-0001", "+5548999990001"],
  ["", null],
  ["' OR 1=1", null],
])("the phone of ?to=%j is %j", (text, phone) => {
  expect(phoneOfQuery(text)).toBe(phone);
});
