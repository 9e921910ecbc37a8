import { mintLocalDollars } from "../chain/mint-local-dollars";
import { chainDeposits } from "../chain/read-deposits";
import { startAveniaSandbox } from "./server";

const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
};

const sandbox = await startAveniaSandbox({
  port: Number(need("AVENIA_PORT")),
  apiKey: need("AVENIA_API_KEY"),
  clientPublicKeyPem: Buffer.from(need("AVENIA_CLIENT_PUBLIC_KEY"), "base64").toString("utf8"),
  stateFile: need("AVENIA_STATE_FILE"),
  deposits: chainDeposits("84532", need("RPC_URL_84532")),
  mint: ({ to, amountUsdMicros }) => mintLocalDollars({ chainId: "84532", to, amountUsdMicros }),
});
console.log(`The payment provider's stand-in listens at ${sandbox.url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void sandbox.stop().then(() => process.exit(0));
  });
}
