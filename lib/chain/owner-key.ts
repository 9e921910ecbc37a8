import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex, hashMessage, type Address, type Hex } from "viem";
import { publicKeyToAddress } from "viem/accounts";
import { signHash } from "./sign-hash";

/** A person's own key as bytes, in the browser for the length of one use. Pure: no request, no storage. */

/** The address of a key, in lower case. */
export const addressOfOwnerKey = (key: Uint8Array): Address => publicKeyToAddress(bytesToHex(secp256k1.getPublicKey(key, false))).toLowerCase() as Address;

/** Signs a message as a wallet's personal_sign does. */
export const signMessageWithOwnerKey = (message: string, key: Uint8Array): Hex => signHash(hashMessage(message), key);
