import assert from "node:assert/strict";
import type { Check } from "../check";
import { pay, reviewPayment, confirm } from "../pages";
import { assertPaidOnce, rowsOf, untilSettled } from "../payments";
import { newPerson, settledOf } from "../people";
import { memoOf } from "../reader";

export const paymentChecks: Check[] = [
  {
    name: "payment: the chain says what the app says",
    run: async (world) => {
      const { web, store, reader } = world;
      const payer = await newPerson(world, 100_000_000n);
      const inDollars = await pay(web[0], payer, store.shortCode, "7,31", "USD");
      // An odd price in reais: the dollars have to be right to the micro-dollar, not to the cent.
      const review = await reviewPayment(web[1], payer, store.shortCode, "38,53", "BRL");
      const answer = await confirm(review, payer);
      assert("transactionId" in answer);
      const ids = [inDollars, answer.transactionId];
      const ms = await untilSettled(world, ids);
      await assertPaidOnce(world, new Map(ids.map((id) => [id, payer])));
      const rows = await rowsOf(world, ids);
      const spent = rows.reduce((sum, row) => sum + BigInt(row.dollarsUsdMicros), 0n);
      assert.equal(await settledOf(world, payer.userId), 100_000_000n - spent);
      const pays = await reader.pays();
      const reais = pays.find(({ memo }) => memo === memoOf(answer.transactionId));
      return `US$ 7.31 and R$ 38.53 paid in ${ms} ms; the event of the second: ${reais?.amount} micro-dollars, ${reais?.newlyIssuedTokenCount} reward units, beneficiary ${payer.account}`;
    },
  },
];
