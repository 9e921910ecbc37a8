import { expect, test } from "vitest";
import { LOCALES } from "@/lib/i18n/locale";
import { recoveryMessages } from "./messages";
import { dueWarning, plainFirstName } from "./rules";

const now = new Date("2026-11-22T12:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

test.each([
  [59.99, [], null],
  [60, [], 60],
  [61, [60], null],
  [75, [60], 75],
  [89.99, [60, 75], null],
  [90, [60, 75], 90],
  [400, [60, 75, 90], null],
  [400, [], 60],
  [400, [60], 75],
] as const)("after %d days with %j told, %j is due", (days, warned, due) => {
  expect(dueWarning({ now, lastActiveAt: daysAgo(days), warned })).toBe(due);
});

test.each([
  ["Inês Gonçalves", "Ines"],
  ["evil.com/x", "evilcomx"],
  ["Ana-Luísa", "Ana-Luisa"],
  ["Владимир", ""],
  ["", ""],
  [null, ""],
  ["Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelsteinha"],
])("the first name of %j in a text message is %j", (name, plain) => {
  expect(plainFirstName(name)).toBe(plain);
});

test.each(LOCALES)("the %s messages are one GSM-7 segment with the longest values", (locale) => {
  const words = recoveryMessages(locale);
  const name = "W".repeat(20);
  const bodies = [
    words.asked({ name, link: `https://pagamentos.app.cocopay.example/backup/${"x".repeat(22)}` }),
    words.accepted({ name }),
    words.accepted({ name: "" }),
    words.removed({ name }),
    words.storeAbsent({ days: 90 }),
    words.storeClaimed,
  ];
  for (const body of bodies) {
    expect(body).toMatch(/^[A-Za-z0-9 .,:;@/_'-]+$/);
    expect(body.length).toBeLessThanOrEqual(160);
  }
});
