/** "0x12ab…90ef": enough to tell two wallets apart. */
export const shortAddress = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;
