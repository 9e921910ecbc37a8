import type { Address } from "viem";
import type { ChainId } from "./chains";

export type { Address, Hex } from "viem";

/**
 * Juicebox V5 and revnet V5: the same address on every chain. Source: `deployments/**` of @bananapus/*-v5 and
 * @rev-net/core-v5 (the plan in lib/dev/chain/plan.ts derives each again, and a test compares).
 */
export const JUICEBOX = {
  controller: "0x27da30646502e2f642be5281322ae8c394f7668a",
  directory: "0x0061e516886a0540f63157f112c0588ee0651dcf",
  multiTerminal: "0x2db6d704058e552defe415753465df8df0361846",
  terminalStore: "0xfe33b439ec53748c87dcedacb83f05add5014744",
  permissions: "0x04fd6913d6c32d8c216e153a43c04b1857a7793d",
  projects: "0x885f707efa18d2cb12f05a3a8eba6b4b26c8c1d4",
  splits: "0x7160a322fea44945a6ef9adfd65c322258df3c5e",
  tokens: "0x4d0edd347fb1fa21589c1e109b3474924be87636",
  /** JBERC20, the code that every store token delegates to. */
  tokenImplementation: "0xaeac450c8522e40244bdfb8120ee398207be5d31",
  buybackHookRegistry: "0x9e1e0fb70bc4661f2cc2d5eddd87a9d582a12b1a",
  revDeployer: "0x2ca27bde7e7d33e353b44c27acfcf6c78dde251d",
  revLoans: "0x1880d832aa283d05b8eab68877717e25fbd550bb",
  suckerRegistry: "0x07c8c5bf08f0361883728a8a5f8824ba5724ece3",
} as const satisfies Record<string, Address>;

/** Circle's USDC, 6 decimals. Source: @circle-fin/provider-cctp-v2 1.14.0. */
export const USDC: Record<ChainId, Address> = {
  "1": "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
  "10": "0x0b2c639c533813f4aa9d7837caf62653d097ff85",
  "8453": "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913",
  "42161": "0xaf88d065e77c8cc2239327c5edb3a432268e5831",
  "11155111": "0x1c7d4b196cb0c7b01d743fbc6116a902379c7238",
  "11155420": "0x5fd84259d66cd46123540766be93dfe6d43130d7",
  "84532": "0x036cbd53842c5426634e7929541ec2318f3dcf7e",
  "421614": "0x75faf114eafb1bdbe2f0316df893fd58ce46aa4d",
};

/** JBBuybackHook, which differs by chain. Source: @bananapus/buyback-hook-v5 0.0.2 `deployments`. */
export const BUYBACK_HOOK: Record<ChainId, Address> = {
  "1": "0xd342490ec41d5982c23951253a74a1c940fe0f9b",
  "10": "0x318f8aa6a95cb83419985c0d797c762f5a7824f3",
  "8453": "0xb6133a222315f8e9d25e7c77bac5ddeb3451d088",
  "42161": "0x4ac3e20edd1d398def0dfb44d3adb9fc244f0320",
  "11155111": "0xf082e3218a690ea6386506bed338f6878d21815f",
  "11155420": "0x79e5ca5ebe4f110965248afad88b8e539e1aa8fd",
  "84532": "0x79e5ca5ebe4f110965248afad88b8e539e1aa8fd",
  "421614": "0xb35ab801c008a64d8f3eea0a8a6209b0d176f2df",
};

/** EntryPoint 0.8, canonical on every chain (eth-infinitism, @account-abstraction/contracts 0.8.0). */
export const ENTRY_POINT: Address = "0x4337084d9e255ff0702461cf8895ce9e3b5ff108";

/** Uniswap's Permit2, canonical on every chain. Juicebox's terminal asks it where a token's own allowance is too small. */
export const PERMIT2: Address = "0x000000000022d473030f116ddee9f6b43ac78ba3";

/** Arachnid's deterministic deployment proxy, on every chain and predeployed by anvil. */
export const CREATE2_PROXY: Address = "0x4e59b44847b379578588920ca78fbf26c0b4956c";

/**
 * Our account factory and the account code behind its clones: CREATE2 through the proxy with a zero salt, so the same on
 * every chain. They follow from contracts/artifacts.json; account.test.ts computes both again and fails when they move.
 */
export const ACCOUNT_FACTORY: Address = "0x7f61d671f7f7b189a0c64decb2af1b05fd8bdc72";
export const ACCOUNT_IMPLEMENTATION: Address = "0xab65ca8ad8606ed6ce6e89121fb86e0252ae813f";
