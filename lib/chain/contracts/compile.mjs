import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

/**
 * The two sets of contracts of our own: people's accounts, and the stand-ins for bridges that only local chains have. Source names are the
 * bare file names, so that the metadata hash knows no machine.
 */
export const SETS = {
  accounts: contractSet(".", { "CocoAccount.sol": ["CocoAccount"], "CocoAccountFactory.sol": ["CocoAccountFactory"] }),
  bridges: contractSet("../../dev/chain/contracts", { "CctpStandIn.sol": ["MessageTransmitterV2", "TokenMessengerV2"], "CcipRouterStandIn.sol": ["CcipRouterStandIn"] }),
};

function contractSet(folder, sources) {
  const base = new URL(`${folder}/`, import.meta.url);
  return { base, sources, artifactsPath: fileURLToPath(new URL("artifacts.json", base)) };
}

/** Compiler settings; they decide the bytecode, and with it the factory's address on every chain. */
const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  metadata: { bytecodeHash: "ipfs" },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

/** Compiles a set with the npm `solc` of package.json and returns the text of its artifacts.json. Throws on any error or warning. */
export function compileContracts(set) {
  const solc = require("solc");
  const sources = Object.fromEntries(
    Object.keys(set.sources).map((name) => [name, { content: readFileSync(new URL(name, set.base), "utf8") }]),
  );
  const readImport = (path) => ({ contents: readFileSync(require.resolve(path), "utf8") });
  const output = JSON.parse(
    solc.compile(JSON.stringify({ language: "Solidity", sources, settings: SETTINGS }), { import: readImport }),
  );
  if (output.errors?.length) throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));

  const contracts = Object.fromEntries(
    Object.entries(set.sources).flatMap(([name, names]) =>
      names.map((contract) => {
        const { abi, evm } = output.contracts[name][contract];
        return [contract, { abi, bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` }];
      }),
    ),
  );
  const { version: openzeppelin } = require("@openzeppelin/contracts/package.json");
  const { outputSelection, ...settings } = SETTINGS;
  const compiler = { solc: solc.version(), openzeppelin, settings };
  return `${JSON.stringify({ compiler, contracts }, null, 1)}\n`;
}
