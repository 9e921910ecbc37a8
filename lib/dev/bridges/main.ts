import { z } from "zod";
import { CHAIN_IDS } from "@/lib/chain/chains";
import { anvilClient } from "../chain/anvil-client";
import { startIris } from "./iris";
import { relayOnce, type LinkedChain } from "./relay";

/** The bridges of the local stack, in a process of their own: Circle's attestation service and Chainlink's relay. They keep nothing. */
const RELAY_MS = 500;

const chainIds = z.string().transform((text) => text.split(",")).pipe(z.array(z.enum(CHAIN_IDS))).parse(process.env.CHAIN_IDS);
const chains = chainIds.map((chainId) => ({ chainId, rpcUrl: z.url().parse(process.env[`RPC_URL_${chainId}`]) }));

const { url } = await startIris({ chains, port: z.coerce.number().int().parse(process.env.IRIS_PORT) });
console.log(`Attestations at ${url}`);

const linked: LinkedChain[] = chains.map(({ chainId, rpcUrl }) => ({ chainId, client: anvilClient(chainId, rpcUrl) }));
const nextBlock = new Map(linked.map(({ chainId }) => [chainId, 0n]));
for (;;) {
  for (const source of linked) {
    try {
      nextBlock.set(source.chainId, await relayOnce(source, linked, nextBlock.get(source.chainId) ?? 0n));
    } catch (error) {
      // A chain that is stopped for a while: the same blocks are read again.
      console.error(error instanceof Error ? error.message : error);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, RELAY_MS));
}
