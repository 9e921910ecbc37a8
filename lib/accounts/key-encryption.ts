/** Whose key it is. Part of what is authenticated: a sealed key moved to another row, or beside another address, does not open. */
export type KeyContext = {
  /** The user's or the store's id. */
  holderId: string;
  /** The key's address, lower case, as its row has it. */
  address: string;
};

/** Seals and opens private keys: by keys from the environment, or by a key management service. */
export interface KeyEncryption {
  /** What new seals begin with: format and key version, such as `v1.2`. */
  newest: string;
  /** The caller keeps, and wipes, the bytes it gave. */
  seal(privateKey: Uint8Array, context: KeyContext): Promise<string>;
  /** Fails when anything was changed or moved, or when the version's key is gone. The caller wipes the bytes it gets. */
  open(sealed: string, context: KeyContext): Promise<Uint8Array>;
}

/** Format and key version of a sealed key. */
export const sealVersionOf = (sealed: string): string => sealed.split(".").slice(0, 2).join(".");

export const PRIVATE_KEY_BYTES = 32;
/** What every provider says of a seal that does not open, whatever was done to it. */
export const DOES_NOT_OPEN = "A sealed key does not open: it was changed, moved to another holder, or sealed under another key";
