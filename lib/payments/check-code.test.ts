import { describe, expect, test } from "vitest";
import { sql } from "@/db/client";
import { makePerson, makeStore } from "@/lib/test/factories";
import { makePayment } from "@/lib/test/paid-payment";
import { checkCode } from "./check-code";

describe("checkCode", () => {
  test("the first hears paid, everybody later when and by whom", async () => {
    const { storeId, actor } = await makeStore();
    const { actor: payer } = await makePerson({ name: "Marina Souza" });
    const { code } = await makePayment({ storeId, payerId: payer.userId });
    const spelled = `${code.slice(0, 3).toLowerCase()}-${code.slice(3)} `;
    expect(await checkCode(actor, storeId, spelled)).toMatchObject({ answer: "paid", payment: { code, amountBrlCentavos: "3850", amountUsdMicros: "7000000", payerName: "Marina", isToday: true } });
    const { actor: colleague } = await makePerson({ name: "Rafael" });
    await sql`INSERT INTO store_members (store_id, user_id, role, accepted_at) VALUES (${storeId}, ${colleague.userId}, 'staff', now())`;
    const again = await checkCode(colleague, storeId, code);
    expect(again).toMatchObject({ answer: "already_checked", checkedBy: "Bia", isOwnCheck: false });
    expect(again.answer === "already_checked" && Date.now() - Date.parse(again.checkedAt)).toBeLessThan(10_000);
    expect(await checkCode(actor, storeId, code)).toMatchObject({ answer: "already_checked", isOwnCheck: true });
  });

  test("two tills in the same instant: one paid, the others already checked", async () => {
    const { storeId, actor } = await makeStore();
    const { code } = await makePayment({ storeId });
    const answers = await Promise.all(Array.from({ length: 6 }, () => checkCode(actor, storeId, code)));
    expect(answers.filter(({ answer }) => answer === "paid")).toHaveLength(1);
    expect(answers.filter(({ answer }) => answer === "already_checked")).toHaveLength(5);
  });

  test("an old payment says that it is not of today", async () => {
    const { storeId, actor } = await makeStore();
    const { code } = await makePayment({ storeId, confirmedAt: new Date(Date.now() - 3 * 86_400_000) });
    expect(await checkCode(actor, storeId, code)).toMatchObject({ answer: "paid", payment: { isToday: false } });
  });

  test("unsettled is checking, failed and unknown are not found", async () => {
    const { storeId, actor } = await makeStore();
    expect(await checkCode(actor, storeId, (await makePayment({ storeId, status: "pending" })).code)).toEqual({ answer: "checking" });
    expect(await checkCode(actor, storeId, (await makePayment({ storeId, status: "failed" })).code)).toEqual({ answer: "not_found" });
    expect(await checkCode(actor, storeId, "ZZZZZZ")).toEqual({ answer: "not_found" });
    const [left] = await sql`SELECT count(*)::int AS count FROM code_checks WHERE store_id = ${storeId}`;
    expect(left!.count).toBe(0);
  });

  test("another store is named only to its own members", async () => {
    const here = await makeStore();
    const there = await makeStore();
    const { code } = await makePayment({ storeId: there.storeId });
    expect(await checkCode(here.actor, here.storeId, code)).toEqual({ answer: "not_this_store" });
    await sql`INSERT INTO store_members (store_id, user_id, role) VALUES (${there.storeId}, ${here.actor.userId}, 'staff')`;
    expect(await checkCode(here.actor, here.storeId, code)).toEqual({ answer: "not_this_store" });
    await sql`UPDATE store_members SET accepted_at = now() WHERE store_id = ${there.storeId} AND user_id = ${here.actor.userId}`;
    expect(await checkCode(here.actor, here.storeId, code)).toEqual({ answer: "other_store", storeName: "Café da Praia" });
    expect(await checkCode(there.actor, there.storeId, code)).toMatchObject({ answer: "paid" });
  });

  test.each(["", "ABC", "ABCDEFG", "ABCD0F", "ABCDIF", "<b>ABC", "ABC\u202EDEF", "x".repeat(5_000)])("%j is no code", async (typed) => {
    const { storeId, actor } = await makeStore();
    await expect(checkCode(actor, storeId, typed)).rejects.toMatchObject({ code: "confirmation_code_invalid" });
  });

  test("ten a minute and person", async () => {
    const { storeId, actor } = await makeStore();
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => checkCode(actor, storeId, "ZZZZZZ")));
    const refused = results.filter((result) => result.status === "rejected");
    // The minute may turn in between; then the second window starts anew.
    expect(refused.length).toBeLessThanOrEqual(2);
    const later = await Promise.allSettled(Array.from({ length: 12 }, () => checkCode(actor, storeId, "ZZZZZZ")));
    expect(later.concat(results).some((result) => result.status === "rejected" && (result.reason as { code: string }).code === "too_many_requests")).toBe(true);
  });

  test("a stranger finds no store", async () => {
    const { storeId } = await makeStore();
    const { code } = await makePayment({ storeId });
    await expect(checkCode((await makePerson()).actor, storeId, code)).rejects.toMatchObject({ code: "not_found" });
  });
});
