import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { CHAINS, type ChainId } from "@/lib/chain/chains";
import { freePort } from "../ports";
import { anvilClient, goOnFromNow, type AnvilClient } from "./anvil-client";
import { genesisTimeOf, openStateFile } from "./state-file";

/** Bundles of many operations fit into one block of this gas. */
const BLOCK_GAS_LIMIT = 100_000_000;
/** States of old blocks kept in memory. Blocks, logs and receipts are kept for ever; only calls at old blocks need these. */
const STATES_KEPT = 64;
/** How much history a process that is killed outright takes with it, at most. An orderly end saves everything. */
const STATE_SAVED_EVERY_SECONDS = 60;
const START_TIMEOUT_MS = 10_000;
const START_POLL_MS = 15;
/** Saving the state on exit takes longer with a longer chain. */
const STOP_TIMEOUT_MS = 15_000;

export type AnvilOptions = {
  chainId: ChainId;
  port?: number;
  /** Keeps the chain here between runs (`<chain id>.json`): blocks with their hashes, logs, receipts, state. */
  folder?: string;
  /** Unix seconds of block 0 of a new chain; in the past it leaves room for history. Chain time runs on from there. */
  genesisTime?: number;
};

export type Anvil = {
  chainId: ChainId;
  port: number;
  rpcUrl: string;
  pid: number;
  client: AnvilClient;
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<void>;
  /** Ends the process after it has saved its state. */
  stop: () => Promise<void>;
};

/** anvil's own executable for this machine, so that ending the child ends the chain (the npm command is a wrapper). */
function anvilExecutable(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const system = process.platform === "win32" ? "win32" : process.platform;
  const name = `@foundry-rs/anvil-${system}-${arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/anvil${system === "win32" ? ".exe" : ""}`);
  } catch {
    throw new Error(`${name} is missing: install without leaving out optional dependencies`);
  }
}

/**
 * Starts a real anvil on the loopback interface, mining each transaction at once until `setBlockTime`. Ends with this
 * process. Fails when it doesn't answer within 10 seconds.
 */
export async function startAnvil({ chainId, port, folder, genesisTime }: AnvilOptions): Promise<Anvil> {
  const usedPort = port ?? (await freePort());
  const rpcUrl = `http://127.0.0.1:${usedPort}`;
  const flags = [
    "--silent",
    ["--host", "127.0.0.1"],
    ["--port", usedPort],
    ["--chain-id", chainId],
    ["--gas-limit", BLOCK_GAS_LIMIT],
    ["--prune-history", STATES_KEPT],
    // Passkey signatures need the P-256 precompile that Base and Optimism have.
    ["--hardfork", "osaka"],
  ].flat();
  if (folder) flags.push("--state", openStateFile(folder, chainId), "--state-interval", STATE_SAVED_EVERY_SECONDS);
  const firstBlockTime = folder ? genesisTimeOf(folder, chainId, genesisTime) : genesisTime;
  if (firstBlockTime !== undefined) flags.push("--timestamp", firstBlockTime);

  // A process group of its own: Ctrl-C in the terminal must reach the worker before the chain under it.
  const child = spawn(anvilExecutable(), flags.map(String), { stdio: "ignore", detached: true });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const killWithParent = () => child.kill("SIGTERM");
  process.once("exit", killWithParent);

  const client = anvilClient(chainId, rpcUrl);
  const stop = async () => {
    process.off("exit", killWithParent);
    if (hasExited) return;
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  };

  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const answers = await client.getChainId().then((id) => id === Number(chainId), () => false);
    if (answers && folder) await goOnFromNow(client);
    if (answers) return { chainId, port: usedPort, rpcUrl, pid: child.pid ?? 0, client, exited, stop };
    if (hasExited || Date.now() > deadline) {
      await stop();
      throw new Error(`anvil for ${CHAINS[chainId].name} did not start on port ${usedPort}`);
    }
    await new Promise((resolve) => setTimeout(resolve, START_POLL_MS));
  }
}
