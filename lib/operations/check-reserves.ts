import "server-only";
import type { Hex } from "@/lib/chain/addresses";
import { isChainUnreachable } from "@/lib/chain/clients";
import { addressOfKey } from "@/lib/chain/keys";
import { gasReserves } from "@/lib/chain/operator";
import { paymasterAddress } from "@/lib/chain/paymaster";
import { env, workerEnv } from "@/lib/env";
import { log } from "@/lib/log";

/** A few hundred bundles at usual fees of an L2. Operators hold a day's need and no more: their keys are hot. */
const OPERATOR_WEI_MIN = 5n * 10n ** 15n;
const DEPOSIT_WEI_MIN = 2n * 10n ** 16n;

/** Warns in the log when an operator's ether or the paymaster's deposit runs low; payments would wait and then expire. */
export async function checkReserves(): Promise<void> {
  for (const chainId of env().CHAIN_IDS) {
    for (const key of workerEnv().OPERATOR_PRIVATE_KEYS.split(",")) {
      const operator = addressOfKey(key as Hex);
      try {
        const { operatorWei, depositWei } = await gasReserves(chainId, { operator, paymaster: paymasterAddress(chainId) });
        const reserves = { chainId, operator, operatorWei: operatorWei.toString(), depositWei: depositWei.toString() };
        if (operatorWei < OPERATOR_WEI_MIN || depositWei < DEPOSIT_WEI_MIN) log().error(reserves, "gas reserves run low");
      } catch (error) {
        if (!isChainUnreachable(error)) throw error;
      }
    }
  }
}
