import { concat, encodeFunctionData, hexToBigInt, hexToNumber, numberToHex, pad, parseEventLogs, size, slice, type Address, type Hex, type Log } from "viem";
import { erc20Abi, messageTransmitterAbi, tokenMessengerAbi } from "./abis";
import type { Call } from "./account";
import { USDC } from "./addresses";
import { CCTP_DOMAIN, cctpContracts } from "./bridges";
import type { ChainId } from "./chains";

/** Dollars from chain to chain by Circle's CCTP V2: burned here, attested by Circle, minted there. */

/** Confirmed levels at which Circle attests: fast takes seconds and a small fee, standard waits for finality and is free (FinalityThresholds.sol). */
export const CCTP_FINALITY = { fast: 1_000, standard: 2_000 } as const;

/** Any address may bring the message. */
const NO_CALLER: Hex = `0x${"00".repeat(32)}`;

export type BurnInput = { from: ChainId; to: ChainId; recipient: Address; amountUsdMicros: bigint; maxFeeUsdMicros: bigint; finality: number };

/** The two calls of an account that send its dollars to an account on another chain: let the messenger take exactly the amount, then burn it. */
export function burnCalls({ from, to, recipient, amountUsdMicros, maxFeeUsdMicros, finality }: BurnInput): Call[] {
  const { tokenMessenger } = cctpContracts(from);
  const token = USDC[from];
  return [
    { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [tokenMessenger, amountUsdMicros] }) },
    {
      to: tokenMessenger,
      data: encodeFunctionData({ abi: tokenMessengerAbi, functionName: "depositForBurn", args: [amountUsdMicros, CCTP_DOMAIN[to], pad(recipient), token, NO_CALLER, maxFeeUsdMicros, finality] }),
    },
  ];
}

/** The call, open to anybody, that mints what a signed message says. The transmitter takes each message once. */
export const receiveMessageCall = (chainId: ChainId, { message, attestation }: { message: Hex; attestation: Hex }): Call => ({
  to: cctpContracts(chainId).messageTransmitter,
  data: encodeFunctionData({ abi: messageTransmitterAbi, functionName: "receiveMessage", args: [message, attestation] }),
});

/** A message of CCTP V2 with a burn in it (MessageV2.sol, BurnMessageV2.sol). Amounts in micro-dollars. */
export type BurnMessage = {
  sourceDomain: number;
  destinationDomain: number;
  /** Given by the attestation service; zero in the event of the burn. */
  nonce: Hex;
  sender: Address;
  recipient: Address;
  destinationCaller: Hex;
  minFinality: number;
  executedFinality: number;
  burnToken: Address;
  mintRecipient: Address;
  amountUsdMicros: bigint;
  messageSender: Address;
  maxFeeUsdMicros: bigint;
  feeUsdMicros: bigint;
  expirationBlock: bigint;
};

const HEADER_BYTES = 148;
const BODY_BYTES = 228;
const addressOf = (word: Hex) => slice(word, 12, 32).toLowerCase() as Address;

/** Reads a message; null for what is no burn message of this version. */
export function parseBurnMessage(message: Hex): BurnMessage | null {
  if (size(message) < HEADER_BYTES + BODY_BYTES || hexToNumber(slice(message, 0, 4)) !== 1) return null;
  return {
    sourceDomain: hexToNumber(slice(message, 4, 8)),
    destinationDomain: hexToNumber(slice(message, 8, 12)),
    nonce: slice(message, 12, 44),
    sender: addressOf(slice(message, 44, 76)),
    recipient: addressOf(slice(message, 76, 108)),
    destinationCaller: slice(message, 108, 140),
    minFinality: hexToNumber(slice(message, 140, 144)),
    executedFinality: hexToNumber(slice(message, 144, 148)),
    ...bodyOf(slice(message, HEADER_BYTES)),
  };
}

const bodyOf = (body: Hex) => ({
  burnToken: addressOf(slice(body, 4, 36)),
  mintRecipient: addressOf(slice(body, 36, 68)),
  amountUsdMicros: hexToBigInt(slice(body, 68, 100)),
  messageSender: addressOf(slice(body, 100, 132)),
  maxFeeUsdMicros: hexToBigInt(slice(body, 132, 164)),
  feeUsdMicros: hexToBigInt(slice(body, 164, 196)),
  expirationBlock: hexToBigInt(slice(body, 196, 228)),
});

/** What the attestation service fills into a sent message before it signs: nonce, reached finality and fee. */
export const withAttestedFields = (message: Hex, { nonce, executedFinality, feeUsdMicros }: Pick<BurnMessage, "nonce" | "executedFinality" | "feeUsdMicros">): Hex =>
  concat([
    slice(message, 0, 12), nonce, slice(message, 44, 144), numberToHex(executedFinality, { size: 4 }),
    slice(message, HEADER_BYTES, HEADER_BYTES + 164), numberToHex(feeUsdMicros, { size: 32 }), slice(message, HEADER_BYTES + 196),
  ]);

export type MintEvent = { nonce: Hex; mintRecipient: Address; amountUsdMicros: bigint; feeUsdMicros: bigint; transactionHash: Hex; logIndex: number };

/** What was minted, from the transmitter's own MessageReceived events; the same topic from any other address is left out. */
export function parseMintEvents(chainId: ChainId, logs: readonly Log[]): MintEvent[] {
  const own = logs.filter((log) => log.address.toLowerCase() === cctpContracts(chainId).messageTransmitter);
  return parseEventLogs({ abi: messageTransmitterAbi, eventName: "MessageReceived", logs: own }).flatMap(({ args, transactionHash, logIndex }) => {
    if (size(args.messageBody) < BODY_BYTES) return [];
    const { mintRecipient, amountUsdMicros, feeUsdMicros } = bodyOf(args.messageBody);
    // A finalized message is minted in full (TokenMessengerV2.handleReceiveFinalizedMessage), whatever stands in the fee's field.
    const fee = args.finalityThresholdExecuted < CCTP_FINALITY.standard ? feeUsdMicros : 0n;
    return [{ nonce: args.nonce, mintRecipient, amountUsdMicros: amountUsdMicros - fee, feeUsdMicros: fee, transactionHash, logIndex }];
  });
}

/** The messages that a transaction sent, as the chain has them: without nonce, finality and fee. */
export function parseSentMessages(chainId: ChainId, logs: readonly Log[]): Hex[] {
  const own = logs.filter((log) => log.address.toLowerCase() === cctpContracts(chainId).messageTransmitter);
  return parseEventLogs({ abi: messageTransmitterAbi, eventName: "MessageSent", logs: own }).map(({ args }) => args.message);
}
