import { concat, encodeAbiParameters, keccak256, type Address, type Hex } from "viem";
import { invariant } from "@/lib/errors";

/** The trees of Juicebox's suckers (MerkleLib.sol): 32 levels, filled from the left, empty places are zero. */
const DEPTH = 32;

const hashPair = (left: Hex, right: Hex): Hex => keccak256(concat([left, right]));

/** Roots of empty subtrees by height (MerkleLib's Z_0 to Z_32). */
const EMPTY: Hex[] = [`0x${"00".repeat(32)}`];
for (let height = 1; height <= DEPTH; height += 1) EMPTY.push(hashPair(EMPTY[height - 1] as Hex, EMPTY[height - 1] as Hex));
const emptyAt = (height: number): Hex => EMPTY[height] as Hex;

export type Leaf = { projectTokenUnits: bigint; terminalTokenUnits: bigint; beneficiary: Address };

/** JBSucker._buildTreeHash. */
export const leafHash = ({ projectTokenUnits, terminalTokenUnits, beneficiary }: Leaf): Hex =>
  keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }, { type: "address" }], [projectTokenUnits, terminalTokenUnits, beneficiary]));

/** The root of a tree of these leaves, in their order. */
export const treeRoot = (leaves: readonly Hex[]): Hex => levelUp(leaves, DEPTH, () => {});

/**
 * The 32 hashes that prove a leaf in the tree of exactly these leaves: at each height the neighbour, or the empty subtree. Later leaves change the
 * root, so a proof is of one count of leaves.
 */
export function treeProof(leaves: readonly Hex[], index: number): Hex[] {
  invariant(index >= 0 && index < leaves.length, "a proof is of a leaf that is there");
  const proof: Hex[] = [];
  levelUp(leaves, DEPTH, (level, height) => {
    const place = Math.floor(index / 2 ** height);
    proof.push(level[place % 2 === 0 ? place + 1 : place - 1] ?? emptyAt(height));
  });
  return proof;
}

/** Hashes level by level up to the root, showing each level from the leaves on. */
function levelUp(leaves: readonly Hex[], depth: number, visit: (level: readonly Hex[], height: number) => void): Hex {
  let level = leaves;
  for (let height = 0; height < depth; height += 1) {
    visit(level, height);
    const next: Hex[] = [];
    for (let place = 0; place < level.length; place += 2) next.push(hashPair(level[place] as Hex, level[place + 1] ?? emptyAt(height)));
    level = next;
  }
  return level[0] ?? emptyAt(depth);
}
