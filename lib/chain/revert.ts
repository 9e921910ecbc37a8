import { BaseError, decodeErrorResult, isHex, parseAbi, type Hex } from "viem";

/** Reverts that people can run into, by their contract's names; any other shows its selector. */
const knownErrors = parseAbi([
  "error Error(string)",
  "error Panic(uint256)",
  "error FailedOp(uint256 opIndex, string reason)",
  "error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)",
  "error SignatureValidationFailed(address aggregator)",
  "error AccountUnauthorized(address sender)",
  "error BundlerNotAllowed(address bundler)",
  "error JBTerminalStore_RulesetNotFound()",
  "error JBMultiTerminal_UnderMinReturnedTokens(uint256 count, uint256 min)",
  "error JBMultiTerminal_UnderMinTokensReclaimed(uint256 count, uint256 min)",
  "error JBPermissioned_Unauthorized(address account, address sender, uint256 projectId, uint256 permissionId)",
  "error JBController_NoReservedTokens()",
  "error REVDeployer_CashOutDelayNotFinished(uint256 cashOutDelay, uint256 blockTimestamp)",
  "error FailedCall()",
  "error ERC721NonexistentToken(uint256 tokenId)",
]);

/** The data a revert carried, wherever the node put it in the error; null when the error is not a revert with data. */
export function revertDataOf(error: unknown): Hex | null {
  if (!(error instanceof BaseError)) return null;
  const holder = error.walk((inner) => hexIn(inner) !== null);
  return holder ? hexIn(holder) : null;
}

/** A revert's data as one short line for a log and the `failure` column: the error's name and values. Never for people's eyes. */
export function decodeRevert(data: Hex): string {
  if (data === "0x") return "reverted without a reason";
  try {
    const { errorName, args } = decodeErrorResult({ abi: knownErrors, data });
    if (errorName === "Error") return args[0];
    return `${errorName}(${(args ?? []).map(String).join(", ")})`;
  } catch {
    return `unknown error ${data.slice(0, 10)}`;
  }
}

/** Nodes answer `data` as hex, or as an object that has it. */
function hexIn(error: unknown): Hex | null {
  const data: unknown = (error as { data?: unknown }).data;
  if (isHex(data)) return data;
  const inner: unknown = (data as { data?: unknown } | undefined)?.data;
  return isHex(inner) ? inner : null;
}
