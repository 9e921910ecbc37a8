import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Abi, Address, Hex } from "viem";

const require = createRequire(import.meta.url);

/** A compiled contract as its npm package ships it. Published ones know their address. */
export type Artifact = { abi: Abi; bytecode: Hex; deployedBytecode: Hex; address?: Address };

/** Reads a package's artifact by its path, such as `@account-abstraction/contracts/artifacts/EntryPoint.json`. */
export const readArtifact = <T extends Artifact = Artifact>(path: string): T => JSON.parse(readFileSync(require.resolve(path), "utf8")) as T;

/** The absolute path of a file beside a package's main module, for files that its `exports` leave out. */
export const resolveBeside = (packageName: string, file: string): string => require.resolve(packageName).replace(/[^/\\]+$/, file);
