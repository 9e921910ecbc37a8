import type { World } from "./world";

const sum = (amounts: string[]): bigint => amounts.reduce((total, amount) => total + BigInt(amount), 0n);

/**
 * Every dollar that ever came: on a balance, on its way out, or paid out. What failed or came back is on a balance again. `isConserved` is what
 * tests hold true at any moment.
 */
export function ledgerOf(world: World) {
  const { deposits, payouts, subAccounts } = world.state;
  const undone = payouts.filter(({ status }) => status.endsWith("FAILED"));
  const paid = payouts.filter(({ status }) => status === "PAID");
  const open = payouts.filter((payout) => !undone.includes(payout) && !paid.includes(payout));
  const credited = sum(deposits.map(({ units }) => units));
  const balances = sum(subAccounts.map(({ balance }) => balance ?? "0"));
  const [paidOut, underWay] = [sum(paid.map(({ input }) => input)), sum(open.map(({ input }) => input))];
  return {
    creditedUsdMicros: credited.toString(),
    balancesUsdMicros: balances.toString(),
    underWayUsdMicros: underWay.toString(),
    paidOutUsdMicros: paidOut.toString(),
    paidOutBrlCentavos: sum(paid.map(({ output }) => output)).toString(),
    returnedBrlCentavos: sum(undone.filter(({ returnId }) => returnId).map(({ output }) => output)).toString(),
    isConserved: credited === balances + underWay + paidOut,
    accounts: subAccounts.map(({ id, name, balance = "0" }) => ({ id, name, balanceUsdMicros: balance })),
    payouts: payouts.map(({ id, externalId, status, input, output, pixKey, endToEndId, returnId }) => ({ id, externalId, status, inputUsdMicros: input, outputBrlCentavos: output, pixKey, endToEndId, returnId })),
  };
}
