import { expect, test } from "vitest";
import { readScanned } from "./read-scanned";

const OURS = ["https://cocopay.app"];
const read = (text: string) => readScanned(text, OURS);

test.each([
  ["https://cocopay.app/p/K7P4QX", "K7P4QX"],
  ["https://cocopay.app/p/k7p4qx/", "K7P4QX"],
  [" https://cocopay.app/p/K7P4QX?from=sticker ", "K7P4QX"],
  ["HTTPS://COCOPAY.APP/p/K7P4QX", "K7P4QX"],
])("%s is a store", (text, shortCode) => {
  expect(read(text)).toEqual({ kind: "store", shortCode });
});

test.each([
  ["https://cocopay.app/u/K7P4QXABCDEF", "/u/K7P4QXABCDEF"],
  ["https://cocopay.app/c/0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c14", "/c/0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c14"],
  ["https://cocopay.app/q/AbCdEfGhIjKlMnOpQrSt_-", "/q/AbCdEfGhIjKlMnOpQrSt_-"],
  ["https://cocopay.app/claim/AbCdEfGhIjKlMnOpQrSt_-/?x=1", "/claim/AbCdEfGhIjKlMnOpQrSt_-"],
])("%s is a link of ours", (text, path) => {
  expect(read(text)).toEqual({ kind: "link", path });
});

test.each(["https://cocopay.app/u/short", "https://cocopay.app/c/1", "https://cocopay.app/c/0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c14/x", "https://cocopay.app/q/../stores", "https://cocopay.app/q/AbCdEfGhIjKlMnOpQrSt_-/edit"])("%s leads nowhere", (text) => {
  expect(read(text)).toEqual({ kind: "other" });
});

test.each([
  ["https://evil.com/u/K7P4QXABCDEF", "evil.com"],
  ["https://evil.com/c/0193a5b0-7a54-7c2e-9d5b-0b6f8f0f9c14", "evil.com"],
  ["https://evil.com/claim/AbCdEfGhIjKlMnOpQrSt_-", "evil.com"],
  ["https://cocopay.app.evil.com/p/K7P4QX", "cocopay.app.evil.com"],
  ["https://cocopay.app@evil.com/p/K7P4QX", "evil.com"],
  ["https://user:cocopay@cocopay.app/p/K7P4QX", "cocopay.app"],
  ["http://cocopay.app/p/K7P4QX", "cocopay.app"],
  ["https://cocopay.app:8443/p/K7P4QX", "cocopay.app:8443"],
  ["https://c0copay.app/", "c0copay.app"],
  ["https://сосорау.app/p/K7P4QX", "xn--80aa0abq1f0a.app"],
  ["https://pay.example/p/K7P4QX", "pay.example"],
])("%s imitates us", (text, host) => {
  expect(read(text)).toMatchObject({ kind: "lookalike" });
  if (!host.startsWith("xn--")) expect(read(text)).toEqual({ kind: "lookalike", host });
});

test("a Pix code is named as one", () => {
  expect(read("00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR")).toEqual({ kind: "pix" });
});

test.each(["", "K7P4QX", "https://example.com/menu", "https://cocopay.app/stores/new", "javascript:alert(1)", "WIFI:S:cafe;P:1;;", "https://", "x".repeat(40)])("%s is not ours", (text) => {
  expect(read(text)).toEqual({ kind: "other" });
});
