import { invariant } from "@/lib/errors";
import type { Address } from "./addresses";
import type { ChainId } from "./chains";
import { CHAINS } from "./chains";

/** How chains reach each other: Circle's CCTP V2 for dollars, Chainlink's CCIP under Juicebox's suckers for store tokens. */

/** Circle's own number of a chain. Source: @circle-fin/provider-cctp-v2 1.14.0. */
export const CCTP_DOMAIN: Record<ChainId, number> = { "1": 0, "10": 2, "8453": 6, "42161": 3, "11155111": 0, "11155420": 2, "84532": 6, "421614": 3 };

const CCTP_CONTRACTS = {
  mainnet: { tokenMessenger: "0x28b5a0e9c621a5badaa536219b3a228c8168cf5d", messageTransmitter: "0x81d40f21f12a8f0e3252bccb954d722d4c464b64" },
  testnet: { tokenMessenger: "0x8fe6b999dc680ccfdd5bf7eb0974218be2542daa", messageTransmitter: "0xe737e5cebeeba77efe34d4aa090756590b1ce275" },
} as const satisfies Record<string, { tokenMessenger: Address; messageTransmitter: Address }>;

/** TokenMessengerV2 and MessageTransmitterV2 of a chain: one pair for all main networks, one for all test networks. */
export const cctpContracts = (chainId: ChainId) => CCTP_CONTRACTS[CHAINS[chainId].kind];

/** Chainlink's router and number of each chain. Source: CCIPHelper.sol of @bananapus/suckers-v5 0.0.2. */
export const CCIP: Record<ChainId, { router: Address; selector: bigint }> = {
  "1": { router: "0x80226fc0ee2b096224eeac085bb9a8cba1146f7d", selector: 5_009_297_550_715_157_269n },
  "10": { router: "0x3206695cae29952f4b0c22a169725a865bc8ce0f", selector: 3_734_403_246_176_062_136n },
  "8453": { router: "0x881e3a65b4d4a04dd529061dd0071cf975f58bcd", selector: 15_971_525_489_660_198_786n },
  "42161": { router: "0x141fa059441e0ca23ce184b6a78bafd2a517dde8", selector: 4_949_039_107_694_359_620n },
  "11155111": { router: "0x0bf3de8c5d3e8a2b34d2beeb17abfcebaf363a59", selector: 16_015_286_601_757_825_753n },
  "11155420": { router: "0x114a20a10b43d4115e5aeef7345a1a71d2a60c57", selector: 5_224_473_277_236_331_295n },
  "84532": { router: "0xd3b06cebf099ce7da4accf578aaebfdbd6e88a93", selector: 10_344_971_235_874_465_080n },
  "421614": { router: "0x2a9c5afb0d0e4bab2bcdae109ec4b0c4be15a165", selector: 3_478_487_238_524_512_106n },
};

type Family = "eth" | "op" | "base" | "arb";
const FAMILY: Record<ChainId, Family> = { "1": "eth", "10": "op", "8453": "base", "42161": "arb", "11155111": "eth", "11155420": "op", "84532": "base", "421614": "arb" };

/**
 * JBCCIPSuckerDeployer of each pair of chains: the same address at both ends, so that the suckers it makes are too. The salt is the one of
 * the package's deploy script; the address stands in its `deployments`.
 */
const SUCKER_DEPLOYERS: Record<string, { address: Address; salt: string }> = {
  "eth-op": { address: "0x172ad9b3df724ee0422ea85b7799a3f7ca761816", salt: "_SUCKER_ETH_OP_" },
  "base-eth": { address: "0x195b4dce646eba3c3e9ae56708558b1a96f88814", salt: "_SUCKER_ETH_BASE_" },
  "arb-eth": { address: "0xf816d238aef247f86cc73593961cb8fb55ca4bcf", salt: "_SUCKER_ETH_ARB_" },
  "arb-base": { address: "0xc295a8926f1ed0a6e3b6cbdb1d28b9d6b388c8a7", salt: "_SUCKER_ARB_BASE_" },
  "arb-op": { address: "0xaa0dbdf6354dd238d289c359c74f998ddec8bcd1", salt: "_SUCKER_ARB_OP_" },
  "base-op": { address: "0x58683931b146697d094c660aec1f4a8f564a3d7d", salt: "_SUCKER_OP_BASE_" },
};

/** Main and test networks never reach each other. */
export const areLinked = (a: ChainId, b: ChainId): boolean => a !== b && CHAINS[a].kind === CHAINS[b].kind;

/** The deployer of suckers between two chains of one kind. */
export function suckerDeployer(a: ChainId, b: ChainId): { address: Address; salt: string } {
  const deployer = SUCKER_DEPLOYERS[[FAMILY[a], FAMILY[b]].toSorted().join("-")];
  invariant(areLinked(a, b) && deployer, `chains ${a} and ${b} have a bridge`);
  return deployer;
}
