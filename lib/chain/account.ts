import { concat, encodeAbiParameters, encodeFunctionData, getCreate2Address, keccak256, stringToHex, type Address, type Hex } from "viem";
import { accountAbi, accountFactoryAbi } from "./abis";
import { ACCOUNT_FACTORY, ACCOUNT_IMPLEMENTATION } from "./addresses";

/** One call of a batch that an account makes. */
export type Call = { to: Address; value?: bigint; data: Hex };

/** Who an account is for, as its address remembers it: the first signer and the salt never change, even when signers do. */
export type AccountOrigin = { initialOwner: Address; salt: Hex };

/** ERC-7821 / ERC-7579 mode of a batch that reverts as a whole. */
const BATCH_MODE: Hex = `0x01${"00".repeat(31)}`;

/** ERC-1167: what a clone's creation code and runtime code have around the implementation's address. */
const CLONE_CREATION_PREFIX: Hex = "0x3d602d80600a3d3981f3";
const CLONE_PREFIX: Hex = "0x363d3d373d3d3d363d73";
const CLONE_SUFFIX: Hex = "0x5af43d82803e903d91602b57fd5bf3";

/** The salt of the account of a user or a store, from that row's UUID. One holder has one account address, on all chains. */
export const accountSalt = (holderId: string): Hex => keccak256(stringToHex(`cocopay/account/v1:${holderId.toLowerCase()}`));

/** The runtime code of every account: an ERC-1167 proxy to our implementation. */
export const accountRuntimeCode = (): Hex => concat([CLONE_PREFIX, ACCOUNT_IMPLEMENTATION, CLONE_SUFFIX]);

/**
 * The address of an account before it exists, in lower case, computed without a node: CREATE2 by our factory with the
 * first signer inside the salt (CocoAccountFactory.getAddress, OpenZeppelin Clones). Equal on every chain.
 */
export function predictAccountAddress({ initialOwner, salt }: AccountOrigin): Address {
  const cloneSalt = keccak256(encodeAbiParameters([{ type: "bytes[]" }, { type: "bytes32" }], [[initialOwner], salt]));
  const bytecode = concat([CLONE_CREATION_PREFIX, accountRuntimeCode()]);
  return getCreate2Address({ from: ACCOUNT_FACTORY, salt: cloneSalt, bytecode }).toLowerCase() as Address;
}

/** Call data of the factory that creates the account; the first operation of an account carries it. */
export const factoryData = ({ initialOwner, salt }: AccountOrigin): Hex =>
  encodeFunctionData({ abi: accountFactoryAbi, functionName: "createAccount", args: [[initialOwner], salt] });

/** Call data of an account that makes these calls in order, all or none (ERC-7821). */
export function encodeExecute(calls: readonly Call[]): Hex {
  const batch = encodeAbiParameters(
    [{ type: "tuple[]", components: [{ type: "address", name: "target" }, { type: "uint256", name: "value" }, { type: "bytes", name: "data" }] }],
    [calls.map(({ to, value = 0n, data }) => ({ target: to, value, data }))],
  );
  return encodeFunctionData({ abi: accountAbi, functionName: "execute", args: [BATCH_MODE, batch] });
}

/** A signer and its signature in the form that MultiSignerERC7913 reads: `abi.encode(bytes[] signers, bytes[] signatures)`. */
export const wrapSignature = (signer: Hex, signature: Hex): Hex =>
  encodeAbiParameters([{ type: "bytes[]" }, { type: "bytes[]" }], [[signer], [signature]]);
