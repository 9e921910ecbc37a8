import { expect, test } from "vitest";
import { standingOf } from "./till-greens";

const paid = (id: string, isUnseen: boolean) => ({ id, state: "paid", isUnseen });

test("a locked till is green for what nobody has seen and for what stood, and never twice", () => {
  const charges = [paid("news", true), paid("stood", false), paid("acknowledged", true), paid("old", false), { id: "waits", state: "waiting", isUnseen: false }, { id: "taken back", state: "paying", isUnseen: false }];
  expect(standingOf(charges, { stood: "standing", acknowledged: "seen", "taken back": "standing" }).map(({ id }) => id)).toEqual(["news", "stood"]);
  expect(standingOf(charges, { news: "seen", stood: "seen", acknowledged: "seen" })).toEqual([]);
});
