import fc from "fast-check";
import { expect, test } from "vitest";
import { BrCodeError, decodeBrCode, dynamicBrCode, encodeBrCode, plainText, type BrCode } from "./br-code";
import { crc16 } from "./crc16";
import vectors from "./vectors.json";

const RUNS = 2_000;

test("the check value of CRC-16/CCITT-FALSE", () => {
  expect(crc16("123456789")).toBe("29B1");
});

test.each(Object.entries(vectors))("the central bank's %s example is read and written byte for byte", (_name, text) => {
  expect(encodeBrCode(decodeBrCode(text))).toBe(text);
});

test("what the examples say", () => {
  expect(decodeBrCode(vectors.static)).toMatchObject({ pointOfInitiation: null, pix: { key: "123e4567-e12b-12d1-a456-426655440000", info: null }, name: "Fulano de Tal", city: "BRASILIA", reference: "***", amountBrlCentavos: null });
  expect(decodeBrCode(vectors.dynamic)).toMatchObject({ pointOfInitiation: "12", pix: { url: "pix.example.com/8b3da2f39a4140d1a91abd93113bd441" } });
  expect(decodeBrCode(vectors.compositeStatic).amountBrlCentavos).toBe(10_050n);
  expect(decodeBrCode(vectors.multiArrangement)).toMatchObject({ gui: "BR.GOV.BCB.PIX", postalCode: "70074900", reference: "RP12345678-2019", amountBrlCentavos: 12_345n, others: [{ id: "04" }, { id: "27" }, { id: "80" }] });
});

const letters = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .]*$/);
const upTo = (max: number) => letters.map((text) => text.slice(0, max));
const anyCode: fc.Arbitrary<BrCode> = fc.record({
  pointOfInitiation: fc.constantFrom("11" as const, "12" as const, null),
  pix: fc.oneof(
    fc.record({ key: upTo(36), info: fc.option(upTo(20)) }),
    fc.record({ url: upTo(60).map((path) => `pix.example.com/${path}`.slice(0, 70)) }),
  ),
  gui: fc.constantFrom("br.gov.bcb.pix", "BR.GOV.BCB.PIX"),
  template: fc.integer({ min: 26, max: 51 }).map(String),
  category: fc.constant("0000"),
  amountBrlCentavos: fc.option(fc.bigInt({ min: 1n, max: 999_999_999_999n })),
  name: upTo(25),
  city: upTo(15),
  postalCode: fc.option(fc.constant("88000000")),
  reference: fc.stringMatching(/^[A-Za-z0-9]{1,25}$/),
  others: fc.constantFrom([], [{ id: "80", value: "0012BR.COM.OUTRO" }]),
  otherData: fc.constantFrom([], [{ id: "03", value: "LOJA" }]),
});

test("what was written is read as the same", () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      expect(decodeBrCode(encodeBrCode(code))).toEqual(code);
    }),
    { numRuns: RUNS },
  );
});

test("one changed character is noticed", () => {
  fc.assert(
    fc.property(anyCode, fc.nat(), fc.stringMatching(/^[A-Za-z0-9]$/), (code, at, character) => {
      const text = encodeBrCode(code);
      const index = at % text.length;
      fc.pre(text[index]?.toUpperCase() !== character.toUpperCase());
      expect(() => decodeBrCode(text.slice(0, index) + character + text.slice(index + 1))).toThrow(BrCodeError);
    }),
    { numRuns: RUNS },
  );
});

const sealed = (text: string) => `${text}6304${crc16(`${text}6304`)}`;
const good = vectors.static.slice(0, -8);

test.each([
  ["a wrong CRC", `${vectors.static.slice(0, -4)}0000`, "crc_wrong"],
  ["no CRC", good, "field_missing"],
  ["a CRC that is not last", `${vectors.static}80040001`, "crc_not_last"],
  ["an id twice", sealed(`${good}5802BR`), "field_duplicated"],
  ["a length of 00", sealed(`${good}6100`), "field_empty"],
  ["a length beyond the end", "00020126990014br", "malformed"],
  ["another currency", sealed(good.replace("5303986", "5303840")), "currency_not_brl"],
  ["another country", sealed(good.replace("5802BR", "5802AR")), "country_not_brazil"],
  ["another format", sealed(good.replace("000201", "000202")), "format_unknown"],
  ["no Pix", sealed(good.replace("br.gov.bcb.pix", "br.com.another")), "pix_missing"],
  ["no name", sealed(good.replace("5913Fulano de Tal", "")), "field_missing"],
  ["an amount of zero with a key", sealed(good.replace("5802BR", "54040.005802BR")), "amount_invalid"],
  ["a comma in the amount", sealed(good.replace("5802BR", "540410,05802BR")), "amount_invalid"],
  ["a name of 26 letters", sealed(good.replace("5913Fulano de Tal", `5926${"A".repeat(26)}`)), "field_too_long"],
  ["a sentence", "hello", "malformed"],
  ["nothing", "", "field_missing"],
])("refuses %s", (_what, text, problem) => {
  expect(() => decodeBrCode(text)).toThrow(expect.objectContaining({ problem }));
});

test("a provider's one-time code, with accents left out", () => {
  const text = encodeBrCode(dynamicBrCode({ url: "pix.example.com/v2/1", amountBrlCentavos: 10_000n, name: "Pagamentos São João do Itaperiú", city: "Florianópolis" }));
  expect(decodeBrCode(text)).toMatchObject({ pointOfInitiation: "12", amountBrlCentavos: 10_000n, name: "Pagamentos Sao Joao do It", city: "Florianopolis" });
  expect(plainText("Ação", 25)).toBe("Acao");
});
