import { createPublicKey, type KeyObject } from "node:crypto";
import type { Bucket } from "../pix/directory";
import { openState, type Quote, type SandboxState } from "./state";

export type SandboxOptions = {
  port?: number;
  apiKey: string;
  /** Ours, in PEM: what signs requests to the provider. */
  clientPublicKeyPem: string;
  /** Where a code's page is shown, and what the sandbox calls itself. */
  stateFile?: string;
  /** Makes the dollars appear; answers the transaction's hash when it is mined. */
  mint: (input: { to: string; amountUsdMicros: bigint }) => Promise<string>;
  /** Sees dollars that come to the accounts' addresses. Without it only the knob of tests credits. */
  deposits?: DepositReader;
  depositPollMs?: number;
  /** Between two steps of a payment. */
  stepMs?: number;
  quoteSeconds?: number;
  /** What an account may pay out in a month, in reais: "100000.00". */
  maxFiatOut?: string;
  /** Shares of webhooks that come twice, and late. */
  chaos?: { twice: number; late: number };
};

/** The transfers of dollars to some addresses in blocks from one on, and the block to go on from. */
export type DepositReader = (input: { wallets: string[]; fromBlock: bigint }) => Promise<{ deposits: { to: string; from: string; txHash: string; logIndex: number; amountUsdMicros: bigint }[]; nextBlock: bigint }>;

/** A trap for the next calls of a kind: "POST /v2/account/tickets". */
export type Fault = { call: string; kind: FaultKind; times: number };
export const FAULTS = ["timeout-after-accept", "500", "401", "429"] as const;
export type FaultKind = (typeof FAULTS)[number];

export type World = {
  state: SandboxState;
  save: () => void;
  options: SandboxOptions;
  clientKey: KeyObject;
  quotes: Map<string, Quote>;
  faults: Fault[];
  /** Lookups that each account has left. */
  buckets: Map<string, Bucket>;
  stepMs: number;
  /** Payouts stand still until somebody moves them. */
  isByHand: boolean;
  origin: string;
  /** Work under way; a stop waits for it. */
  pending: Set<Promise<unknown>>;
  isClosed: boolean;
};

const STEP_MS = 700;
/** A time of the usual pace, at this world's. */
export const paced = (world: World, ms: number): number => (ms * world.stepMs) / STEP_MS;

export function openWorld(options: SandboxOptions): World {
  const { state, save } = openState(options.stateFile);
  return { state, save, options, clientKey: createPublicKey(options.clientPublicKeyPem), quotes: new Map(), faults: [], buckets: new Map(), isByHand: false, stepMs: options.stepMs ?? STEP_MS, origin: "", pending: new Set(), isClosed: false };
}

/** Runs beside the answers; a failure is printed, as nobody waits for it. */
export function aside(world: World, work: Promise<unknown>) {
  const kept = work.catch((error: unknown) => console.error(error)).finally(() => world.pending.delete(kept));
  world.pending.add(kept);
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const SLICE_MS = 100;
/** A long pause that a stop does not have to wait for. */
export async function pauseWhileOpen(world: World, ms: number) {
  const until = Date.now() + ms;
  while (!world.isClosed && Date.now() < until) await pause(Math.min(SLICE_MS, until - Date.now()));
}
export const nowText = () => new Date().toISOString();
