import { createRequire } from "node:module";
import { concat, encodeAbiParameters, getCreate2Address, size, slice, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import { CREATE2_PROXY, ENTRY_POINT } from "@/lib/chain/addresses";
import { resolveBeside } from "./artifacts";

const require = createRequire(import.meta.url);

export type PaymasterRoles = {
  /** Withdraws the deposit and names managers. */
  owner: Address;
  /** Keeps the list of operators that may submit sponsored bundles. */
  manager: Address;
  /** Approves operations; its key is the worker's PAYMASTER_SIGNER_KEY. */
  signer: Address;
};

/** The package appends its own constructor arguments (one address in every role): six words, replaced by ours. */
const PACKAGE_ARGUMENT_BYTES = 6 * 32;

/** Creation code of SingletonPaymasterV8 with a role each, from @pimlico/mock-paymaster (its only npm home). */
export function paymasterInitCode({ owner, manager, signer }: PaymasterRoles): Hex {
  const { getSingletonPaymaster08InitCode } = require(resolveBeside("@pimlico/mock-paymaster", "constants.js")) as {
    getSingletonPaymaster08InitCode: (owner: Address) => Hex;
  };
  const packaged = getSingletonPaymaster08InitCode(zeroAddress);
  const constructorArguments = encodeAbiParameters(
    [{ type: "address" }, { type: "address" }, { type: "address" }, { type: "address[]" }],
    [ENTRY_POINT, owner, manager, [signer]],
  );
  return concat([slice(packaged, 0, size(packaged) - PACKAGE_ARGUMENT_BYTES), constructorArguments]);
}

/** Where the paymaster of these roles stands, on every chain. */
export const predictPaymasterAddress = (roles: PaymasterRoles): Address =>
  getCreate2Address({ from: CREATE2_PROXY, salt: zeroHash, bytecode: paymasterInitCode(roles) }).toLowerCase() as Address;
