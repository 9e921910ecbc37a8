import { createPrivateKey, createPublicKey } from "node:crypto";
import { startStarkSandbox } from "./server";

const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
};

// The bank would hold the public half alone; on one machine it is derived here.
const clientKey = createPrivateKey(Buffer.from(need("STARKBANK_SIGNING_KEY"), "base64").toString("utf8"));
const sandbox = await startStarkSandbox({
  port: Number(need("STARKBANK_PORT")),
  projectId: need("STARKBANK_PROJECT_ID"),
  clientPublicKeyPem: createPublicKey(clientKey).export({ format: "pem", type: "spki" }).toString(),
  stateFile: need("STARKBANK_STATE_FILE"),
});
console.log(`The bank's stand-in listens at ${sandbox.url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void sandbox.stop().then(() => process.exit(0));
  });
}
