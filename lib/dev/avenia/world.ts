import { createPublicKey, type KeyObject } from "node:crypto";
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
  /** Between two steps of a payment. */
  stepMs?: number;
  quoteSeconds?: number;
  /** Shares of webhooks that come twice, and late. */
  chaos?: { twice: number; late: number };
};

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
  stepMs: number;
  origin: string;
  /** Work under way; a stop waits for it. */
  pending: Set<Promise<unknown>>;
  isClosed: boolean;
};

const STEP_MS = 700;

export function openWorld(options: SandboxOptions): World {
  const { state, save } = openState(options.stateFile);
  return { state, save, options, clientKey: createPublicKey(options.clientPublicKeyPem), quotes: new Map(), faults: [], stepMs: options.stepMs ?? STEP_MS, origin: "", pending: new Set(), isClosed: false };
}

/** Runs beside the answers; a failure is printed, as nobody waits for it. */
export function aside(world: World, work: Promise<unknown>) {
  const kept = work.catch((error: unknown) => console.error(error)).finally(() => world.pending.delete(kept));
  world.pending.add(kept);
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
export const nowText = () => new Date().toISOString();
