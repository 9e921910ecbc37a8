import { walletOf } from "./payout-api";
import { credit } from "./payouts";
import { aside, pauseWhileOpen, type DepositReader, type World } from "./world";

const POLL_MS = 400;

/** Credits what comes to the accounts' addresses, each transfer once, for as long as this world is open. A chain that is away is asked again. */
export function watchDeposits(world: World) {
  const { deposits: read, depositPollMs = POLL_MS } = world.options;
  if (read) aside(world, watch(world, read, depositPollMs));
}

async function watch(world: World, read: DepositReader, pollMs: number): Promise<void> {
  while (!world.isClosed) {
    const accounts = new Map(world.state.subAccounts.map((account) => [walletOf(account), account]));
    const found = await read({ wallets: [...accounts.keys()], fromBlock: BigInt(world.state.nextBlock) }).catch(() => null);
    for (const { to, from, txHash, logIndex, amountUsdMicros } of found?.deposits ?? []) {
      const account = accounts.get(to);
      if (account) credit(world, account, { place: `${txHash}:${logIndex}`, txHash, from, amountUsdMicros });
    }
    if (found && found.nextBlock.toString() !== world.state.nextBlock) {
      world.state.nextBlock = found.nextBlock.toString();
      world.save();
    }
    await pauseWhileOpen(world, pollMs);
  }
}
