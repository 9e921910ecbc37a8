import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/** The contracts of this folder. Their source names are the bare file names, so that the metadata hash knows no machine. */
const SOURCES = ["CocoAccount.sol", "CocoAccountFactory.sol"];

/** Compiler settings; they decide the bytecode, and with it the factory's address on every chain. */
const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  metadata: { bytecodeHash: "ipfs" },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

/** Compiles the folder with the npm `solc` of package.json and returns the text of artifacts.json. Throws on any error or warning. */
export function compileContracts() {
  const solc = require("solc");
  const sources = Object.fromEntries(
    SOURCES.map((name) => [name, { content: readFileSync(new URL(name, import.meta.url), "utf8") }]),
  );
  const readImport = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  const output = JSON.parse(
    solc.compile(JSON.stringify({ language: "Solidity", sources, settings: SETTINGS }), { import: readImport }),
  );
  if (output.errors?.length) throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));

  const contracts = Object.fromEntries(
    SOURCES.map((name) => {
      const contract = name.replace(".sol", "");
      const { abi, evm } = output.contracts[name][contract];
      return [contract, { abi, bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` }];
    }),
  );
  const { version: openzeppelin } = require("@openzeppelin/contracts/package.json");
  const { outputSelection, ...settings } = SETTINGS;
  const compiler = { solc: solc.version(), openzeppelin, settings };
  return `${JSON.stringify({ compiler, contracts }, null, 1)}\n`;
}

export const ARTIFACTS_PATH = fileURLToPath(new URL("artifacts.json", import.meta.url));
