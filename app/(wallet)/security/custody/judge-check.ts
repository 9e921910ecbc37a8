import type { ChainId } from "@/lib/chain/chains";

/** What the browser itself heard from one chain. `signers` is null where the account has no code yet; `null` as a whole: no answer. */
export type ChainAnswer = { chainId: ChainId; signers: readonly string[] | null; residue: number } | null;

/** What the answers mean together. `wrong`: a chain says something else than this page. `left`: somebody else is still allowed something. */
export type CheckResult = "yours" | "managed" | "half_done" | "left" | "wrong" | "unreachable";

type Known = { owners: readonly string[]; serverKeys: readonly string[]; chains: readonly { chainId: ChainId; custody: "managed" | "self_custody" }[] };

/**
 * Judges by the chains' words alone: a signer that is neither an owner that the person proved nor a key of the server's is wrong, and so is a
 * server's key where the page says that none is left. A chain that is ahead of the page is not.
 */
export function judgeCheck({ owners, serverKeys, chains }: Known, answers: readonly ChainAnswer[]): CheckResult {
  const found = chains.map(({ chainId, custody }) => {
    const answer = answers.find((item) => item?.chainId === chainId);
    if (!answer) return "unreachable";
    // The first signer of an account without code stands in its address.
    if (answer.signers === null) return custody === "managed" ? "server" : "wrong";
    const isOwn = answer.signers.every((signer) => owners.includes(signer) && !serverKeys.includes(signer));
    const isServers = answer.signers.every((signer) => serverKeys.includes(signer));
    if (answer.signers.length === 0 || (!isOwn && !isServers)) return "wrong";
    if (custody === "self_custody" && !isOwn) return "wrong";
    return isServers ? "server" : answer.residue > 0 ? "left" : "own";
  });
  if (found.includes("wrong")) return "wrong";
  if (found.length === 0 || found.includes("unreachable")) return "unreachable";
  if (found.includes("left")) return "left";
  return found.every((word) => word === "own") ? "yours" : found.every((word) => word === "server") ? "managed" : "half_done";
}
