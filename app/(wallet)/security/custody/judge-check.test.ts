import { expect, test } from "vitest";
import { judgeCheck, type ChainAnswer, type CheckResult } from "./judge-check";

const known = (first: "managed" | "self_custody", second: "managed" | "self_custody") => ({
  owners: ["0xa", "0xb"],
  serverKeys: ["0xs"],
  chains: [{ chainId: "84532", custody: first }, { chainId: "11155420", custody: second }] as const,
});
const base = (signers: string[] | null, residue = 0): ChainAnswer => ({ chainId: "84532", signers, residue });
const optimism = (signers: string[] | null, residue = 0): ChainAnswer => ({ chainId: "11155420", signers, residue });
const SELF = known("self_custody", "self_custody");
const MANAGED = known("managed", "managed");
const HALF = known("self_custody", "managed");

test.each<[string, ReturnType<typeof known>, ChainAnswer[], CheckResult]>([
  ["only owners on both", SELF, [base(["0xa", "0xb"]), optimism(["0xb"])], "yours"],
  ["an old permission is left", SELF, [base(["0xa", "0xb"], 1), optimism(["0xa"])], "left"],
  ["the server's key is still there", SELF, [base(["0xa", "0xb", "0xs"]), optimism(["0xa"])], "wrong"],
  ["the server's key alone, where the page says own", SELF, [base(["0xa"]), optimism(["0xs"])], "wrong"],
  ["a stranger signs too", SELF, [base(["0xa", "0xdead"]), optimism(["0xa"])], "wrong"],
  ["no code where the page says own", SELF, [base(["0xa"]), optimism(null)], "wrong"],
  ["one chain does not answer", SELF, [base(["0xa"]), null], "unreachable"],
  ["one does not answer, the other is wrong", SELF, [base(["0xs", "0xa"]), null], "wrong"],
  ["half done", HALF, [base(["0xa", "0xb"]), optimism(["0xs"])], "half_done"],
  ["half done, the other has no code", HALF, [base(["0xa", "0xb"]), optimism(null)], "half_done"],
  ["the chain is ahead of the page", HALF, [base(["0xa", "0xb"]), optimism(["0xa", "0xb"])], "yours"],
  ["managed, one without code", MANAGED, [base(["0xs"]), optimism(null)], "managed"],
  ["managed, and a stranger signs", MANAGED, [base(["0xs", "0xdead"]), optimism(null)], "wrong"],
  ["nothing answered", MANAGED, [null, null], "unreachable"],
])("%s", (_name, page, answers, result) => {
  expect(judgeCheck(page, answers)).toBe(result);
});
