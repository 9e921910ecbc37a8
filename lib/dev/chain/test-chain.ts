import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { Address, Hex } from "viem";
import type { ChainId } from "@/lib/chain/chains";
import { startAnvil } from "./anvil";
import type { AnvilClient } from "./anvil-client";
import { deployContracts } from "./deploy-contracts";

export type TestChain = {
  chainId: ChainId;
  rpcUrl: string;
  port: number;
  client: AnvilClient;
  paymaster: Address;
  paymasterSignerKey: Hex;
  /** Funded, and allowed to submit sponsored bundles. */
  operatorKeys: Hex[];
  stop: () => Promise<void>;
};

export type TestChainOptions = {
  chainId: ChainId;
  /** Generated when left out. Two chains that share keys share the paymaster's address too. */
  paymasterSignerKey?: Hex;
  operatorKeys?: Hex[];
  genesisTime?: number;
};

/**
 * A throwaway chain with everything deployed, a block per transaction, ready in about a second. Sets RPC_URL_<id>,
 * PAYMASTER_ADDRESS_<id>, PAYMASTER_SIGNER_KEY and OPERATOR_PRIVATE_KEYS of this process.
 */
export async function startTestChain(options: TestChainOptions): Promise<TestChain> {
  const { chainId, genesisTime, paymasterSignerKey = generatePrivateKey(), operatorKeys = [generatePrivateKey(), generatePrivateKey()] } = options;
  const { client, port, rpcUrl, stop } = await startAnvil({ chainId, genesisTime });
  try {
    const { paymaster } = await deployContracts({
      client,
      chainId,
      paymasterSigner: privateKeyToAccount(paymasterSignerKey).address,
      operators: operatorKeys.map((key) => privateKeyToAccount(key).address),
    });
    Object.assign(process.env, {
      [`RPC_URL_${chainId}`]: rpcUrl,
      [`PAYMASTER_ADDRESS_${chainId}`]: paymaster,
      PAYMASTER_SIGNER_KEY: paymasterSignerKey,
      OPERATOR_PRIVATE_KEYS: operatorKeys.join(","),
    });
    return { chainId, rpcUrl, port, client, paymaster, paymasterSignerKey, operatorKeys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
