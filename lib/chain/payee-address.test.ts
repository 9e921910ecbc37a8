import { expect, test } from "vitest";
import { ENTRY_POINT, JUICEBOX, USDC } from "./addresses";
import { addressInGroups, readPayeeAddress } from "./payee-address";

const RIGHT = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const LOWER = RIGHT.toLowerCase();

test.each([
  [RIGHT, { address: LOWER, isChecked: true }],
  [` ${LOWER} `, { address: LOWER, isChecked: false }],
  [`0x${RIGHT.slice(2).toUpperCase()}`, { address: LOWER, isChecked: false }],
  // One letter in the other case: somebody typed it, or changed it.
  [RIGHT.replace("aA", "Aa"), "checksum"],
  ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "invalid"],
  ["ana.eth", "invalid"],
  [`0x${"0".repeat(40)}`, "invalid"],
  [`0x${"0".repeat(39)}1`, "invalid"],
  [USDC["84532"], "contract"],
  [JUICEBOX.multiTerminal, "contract"],
  [ENTRY_POINT, "contract"],
  [`${RIGHT}<script>`, "invalid"],
])("%s reads as %j", (typed, expected) => {
  expect(readPayeeAddress(typed)).toEqual(expected);
});

test("the groups are the address", () => {
  expect(addressInGroups(LOWER)).toBe("0x5aAe b605 3F3E 94C9 b9A0 9f33 6694 35E7 Ef1B eAed");
  expect(addressInGroups(LOWER).replaceAll(" ", "")).toBe(RIGHT);
});
