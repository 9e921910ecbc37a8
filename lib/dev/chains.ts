import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateKeyToAddress } from "viem/accounts";
import { CHAINS, type ChainId } from "@/lib/chain/chains";
import { setBlockTime } from "./chain/anvil-client";
import { startAnvil, type Anvil } from "./chain/anvil";
import { deployBridges, hasBridges } from "./chain/deploy-bridges";
import { deployContracts } from "./chain/deploy-contracts";
import type { DataFolder } from "./data-folder";
import type { NoteProcess } from "./processes";
import type { Secrets } from "./secrets";
import { StartError } from "./start-error";

/** The chains of the local stack, the default first. */
export const LOCAL_CHAIN_IDS = ["84532", "11155420"] as const satisfies readonly ChainId[];

export type LocalChainId = (typeof LOCAL_CHAIN_IDS)[number];

const BLOCK_SECONDS = 1;
/** A new chain begins this far in the past, so that sample stores can open (their first stage lies ahead) without waiting. */
const GENESIS_AGE_SECONDS = 300;

export type LocalChain = { chainId: ChainId; rpcUrl: string; paymaster: string | undefined; anvil: Anvil | undefined };

type Input = { folder: DataFolder; secrets: Secrets; ports: Record<LocalChainId, number>; note: NoteProcess };

/** Starts both chains side by side, with their contracts. A chain of RPC_URL_<id> is used as it is. */
export async function prepareChains({ folder, secrets, ports, note }: Input): Promise<LocalChain[]> {
  mkdirSync(folder.chains, { recursive: true });
  const started = await Promise.allSettled(
    LOCAL_CHAIN_IDS.map(async (chainId): Promise<LocalChain> => {
      const outside = process.env[`RPC_URL_${chainId}`];
      if (outside) return { chainId, rpcUrl: outside, paymaster: process.env[`PAYMASTER_ADDRESS_${chainId}`], anvil: undefined };
      return startLocalChain(chainId, { folder, secrets, port: ports[chainId], note });
    }),
  );
  const chains = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = started.find((result) => result.status === "rejected");
  if (failure) {
    await Promise.all(chains.map(async ({ anvil }) => anvil?.stop()));
    throw failure.reason;
  }
  return chains;
}

async function startLocalChain(chainId: ChainId, { folder, secrets, port, note }: Omit<Input, "ports"> & { port: number }): Promise<LocalChain> {
  const stateFile = join(folder.chains, `${chainId}.json`);
  const noteFile = join(folder.chains, `${chainId}.contracts.json`);
  const isNew = !existsSync(noteFile);
  // Killed while its contracts were being deployed: what is there is half a chain, and nobody has used it.
  if (isNew) rmSync(stateFile, { force: true });
  else if (!existsSync(stateFile)) {
    throw new StartError(`The local chain ${chainId} (${CHAINS[chainId].name}) was ended before it could save its state. Run \`npm start -- --reset\` to begin anew.`);
  }
  const genesisTime = isNew ? Math.floor(Date.now() / 1000) - GENESIS_AGE_SECONDS : undefined;
  const anvil = await startAnvil({ chainId, folder: folder.chains, port, ...(genesisTime === undefined ? {} : { genesisTime }) });
  note(`chain ${chainId}`, anvil.pid, "SIGINT");
  try {
    if (isNew) {
      const operators = secrets.operatorPrivateKeys.split(",").map((key) => privateKeyToAddress(key as `0x${string}`));
      const { paymaster } = await deployContracts({ client: anvil.client, chainId, paymasterSigner: privateKeyToAddress(secrets.paymasterSignerKey as `0x${string}`), operators });
      writeFileSync(noteFile, JSON.stringify({ paymaster }));
    } else if (!(await hasBridges(anvil.client, chainId))) {
      // A chain that was begun before there were bridges.
      await deployBridges(anvil.client, chainId);
    }
    await setBlockTime(anvil.client, BLOCK_SECONDS);
    const { paymaster } = JSON.parse(readFileSync(noteFile, "utf8")) as { paymaster: string };
    return { chainId, rpcUrl: anvil.rpcUrl, paymaster, anvil };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
