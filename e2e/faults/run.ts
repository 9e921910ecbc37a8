import { runChecks } from "./check";
import { chainChecks } from "./checks/chain";
import { crashChecks } from "./checks/crashes";
import { liveChecks } from "./checks/live";
import { paymentChecks } from "./checks/payment";
import { payoutChecks } from "./checks/payouts";
import { repeatChecks } from "./checks/repeats";
import { silenceChecks } from "./checks/silence";
import { storeChecks } from "./checks/stores";

/**
 * Proof under faults: `npm run test:faults [-- words of checks' names]`. Minutes, so not part of `npm test`.
 * FAULT_ROUNDS (10) kills of each kind, FAULT_PAYOUT_KILLS (5) at each step of a payout; FAULT_CHAIN_STOP_SECONDS (40; 360 is the whole proof) of a silent chain.
 */
const isGreen = await runChecks([...paymentChecks, ...liveChecks, ...repeatChecks, ...storeChecks, ...chainChecks, ...silenceChecks, ...crashChecks, ...payoutChecks]);
process.exit(isGreen ? 0 : 1);
