/**
 * The one list of chains. Pure: components and the database's enum `chain_id` import it. Ids are text, as in the database.
 */
export const CHAIN_IDS = ["1", "10", "8453", "42161", "11155111", "11155420", "84532", "421614"] as const;
export type ChainId = (typeof CHAIN_IDS)[number];

type Chain = { name: string; kind: "mainnet" | "testnet"; explorer: string };

export const CHAINS: Record<ChainId, Chain> = {
  "1": { name: "Ethereum", kind: "mainnet", explorer: "https://etherscan.io" },
  "10": { name: "Optimism", kind: "mainnet", explorer: "https://optimistic.etherscan.io" },
  "8453": { name: "Base", kind: "mainnet", explorer: "https://basescan.org" },
  "42161": { name: "Arbitrum", kind: "mainnet", explorer: "https://arbiscan.io" },
  "11155111": { name: "Ethereum Sepolia", kind: "testnet", explorer: "https://sepolia.etherscan.io" },
  "11155420": { name: "Optimism Sepolia", kind: "testnet", explorer: "https://sepolia-optimism.etherscan.io" },
  "84532": { name: "Base Sepolia", kind: "testnet", explorer: "https://sepolia.basescan.org" },
  "421614": { name: "Arbitrum Sepolia", kind: "testnet", explorer: "https://sepolia.arbiscan.io" },
};

/**
 * Blocks below the head from which we do what can't be undone: about half an hour, in which a rollup's blocks are final on Ethereum. No
 * money hangs on the testnets.
 */
export const FINAL_BLOCKS: Record<ChainId, bigint> = {
  "1": 96n,
  "10": 900n,
  "8453": 900n,
  "42161": 7_200n,
  "11155111": 12n,
  "11155420": 12n,
  "84532": 12n,
  "421614": 12n,
};

/** True for the id of a chain that CocoPay knows; use it before an id from outside is trusted. */
export const isChainId = (text: string): text is ChainId => (CHAIN_IDS as readonly string[]).includes(text);

/** The chain's name as people read it: "Base". */
export const chainName = (chainId: ChainId): string => CHAINS[chainId].name;

/** Where anybody can check a transaction, by its hash. */
export const transactionUrl = (chainId: ChainId, hash: string): string => `${CHAINS[chainId].explorer}/tx/${hash}`;

/** Where anybody can look at an account or a contract. */
export const addressUrl = (chainId: ChainId, address: string): string => `${CHAINS[chainId].explorer}/address/${address}`;
