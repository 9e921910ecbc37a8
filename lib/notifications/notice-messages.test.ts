import { expect, test } from "vitest";
import { LOCALES } from "@/lib/i18n/locale";
import { noticeMessage } from "./notice-messages";
import { NOTICE_KINDS } from "./rules";

test.each(LOCALES)("every notice in %s is one plain segment without a link", (locale) => {
  for (const kind of NOTICE_KINDS) {
    const body = noticeMessage(kind, locale);
    expect(body, kind).toMatch(/^CocoPay: [A-Za-z0-9 .,?':]+[.?]$/);
    expect(body.length, kind).toBeLessThanOrEqual(160);
    expect(body, kind).not.toMatch(/https?:|www\.|\.app|\.com/);
  }
});
