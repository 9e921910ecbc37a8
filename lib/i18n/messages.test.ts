import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import { ERROR_CODES } from "../errors";
import { errorValues } from "./error-values";
import { LOCALES, type Locale } from "./locale";
import { AREAS, messagesOf } from "./messages";
import { crash } from "./messages/crash";

/** Words of the machinery. They may stand only in groups named `details`. */
const FORBIDDEN = /\b(token|tokens|gas|chain|blockchain|on-chain|onchain|hash|wallet|wallets|revnet|usdc|smart account|carteira digital|criptomoedas?|cripto|crypto|cadeia de blocos|billetera)\b/i;

/** Where a person looks after the own keys, the things have their names. */
const SPEAKS_OF_WALLETS = new Set(["wallets", "guest", "custody", "takeover", "signing", "security", "passkeys", "notices", "payouts", "errors"]);
const WALLET = /\b(wallets?|billeteras?|carteira digital|usdc)\b/gi;

interface Text {
  path: string;
  text: string;
}
function flatten(tree: unknown, path = ""): Text[] {
  if (typeof tree === "string") return [{ path, text: tree }];
  return Object.entries(tree as Record<string, unknown>).flatMap(([key, value]) => flatten(value, path ? `${path}.${key}` : key));
}

/** The names of ICU arguments and tags in a text; apostrophes quote, so they are looked at first. */
const argumentsOf = (text: string) =>
  [...new Set([...text.matchAll(/\{\s*(\w+)\s*[,}]/g), ...text.matchAll(/<(\w+)>/g)].map(([, name = ""]) => name))].sort();

const areas = { ...AREAS, crash } as Record<string, Record<Locale, unknown>>;

for (const [area, byLocale] of Object.entries(areas)) {
  const reference = flatten(byLocale["pt-BR"]);
  test.each(LOCALES)(`${area} has the same keys and arguments in %s`, (locale) => {
    const texts = flatten(byLocale[locale]);
    expect(texts.map(({ path }) => path).sort()).toEqual(reference.map(({ path }) => path).sort());
    const wanted = new Map(reference.map(({ path, text }) => [path, argumentsOf(text)]));
    for (const { path, text } of texts) expect([path, argumentsOf(text)]).toEqual([path, wanted.get(path)]);
  });

  test.each(LOCALES)(`${area} speaks plainly in %s`, (locale) => {
    const plain = (text: string) => text.replace(/\{[^{}]*\}/g, "").replace(SPEAKS_OF_WALLETS.has(area) ? WALLET : /$^/, "");
    const broken = flatten(byLocale[locale]).filter(({ path, text }) => !path.split(".").includes("details") && FORBIDDEN.test(plain(text)));
    expect(broken).toEqual([]);
  });

  test.each(LOCALES)(`${area} has no empty text and no stray space in %s`, (locale) => {
    expect(flatten(byLocale[locale]).filter(({ text }) => text.trim() !== text || text === "")).toEqual([]);
  });
}

test("a plural counts in each branch: Portuguese takes nothing for one", () => {
  const broken = flatten(messagesOf("pt-BR")).filter(({ text }) => [...text.matchAll(/plural,([^}]*?)one \{([^}]*)\}/g)].some(([, before = "", one = ""]) => /\b1\b/.test(one) && !before.includes("=0")));
  expect(broken).toEqual([]);
});

test.each(LOCALES)("every text of %s is valid ICU", (locale) => {
  const broken: string[] = [];
  const messages = messagesOf(locale);
  const t = createTranslator({ locale, messages, onError: (error) => broken.push(error.message), getMessageFallback: ({ key }) => key }) as unknown as {
    rich: (key: string, values: Record<string, unknown>) => unknown;
  };
  for (const { path, text } of flatten(messages)) {
    const values = Object.fromEntries(argumentsOf(text).map((name) => [name, new RegExp(`<${name}>`).test(text) ? (inside: unknown) => inside : 3]));
    t.rich(path, values);
  }
  expect(broken).toEqual([]);
});

const DETAILS: Record<string, string | number>[] = [
  {},
  { triesLeft: 1, seconds: 40, limitUsdMicros: "10000000000", availableBrlCentavos: "48620", minimum: "R$ 1,00", amount: "US$ 7,02", suggestion: "CAFEB" },
];

test.each(LOCALES)("every failure has a finished sentence in %s, with details or without", (locale) => {
  const broken: string[] = [];
  const t = createTranslator({ locale, messages: messagesOf(locale), namespace: "errors", onError: (error) => broken.push(error.message) });
  for (const code of ERROR_CODES)
    for (const details of DETAILS) {
      const sentence = t(code, errorValues(details, locale));
      expect(sentence).toMatch(/[.?]$/);
      expect(sentence).not.toMatch(/unknown|undefined|[{}]/);
    }
  expect(broken).toEqual([]);
});

test("the exact sentences people rely on", () => {
  const say = (locale: Locale, code: (typeof ERROR_CODES)[number], details: Record<string, string | number>) =>
    createTranslator({ locale, messages: messagesOf(locale), namespace: "errors" })(code, errorValues(details, locale));
  expect(say("pt-BR", "code_wrong", { triesLeft: 3 })).toBe("Código errado. Faltam 3 tentativas.");
  expect(say("en", "code_wrong", { triesLeft: 3 })).toBe("Wrong code. 3 tries left.");
  expect(say("es", "code_wrong", { triesLeft: 3 })).toBe("Código incorrecto. Quedan 3 intentos.");
  expect(say("pt-BR", "balance_insufficient", { availableBrlCentavos: "48620" })).toBe("Seu saldo não chega. Você tem R$\u00a0486,20.");
  expect(say("en", "code_resend_wait", { seconds: 45 })).toBe("We already sent a code. You can ask for another in 45 seconds.");
});
