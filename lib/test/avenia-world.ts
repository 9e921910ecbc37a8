import { generateKeyPairSync } from "node:crypto";
import { vi } from "vitest";
import type { AveniaAccess } from "@/lib/avenia/request";
import { startAveniaSandbox, type AveniaSandbox } from "@/lib/dev/avenia/server";
import type { SandboxOptions } from "@/lib/dev/avenia/world";

export type AveniaWorld = { sandbox: AveniaSandbox; access: AveniaAccess; post: (path: string, body: unknown) => Promise<void>; stop: () => Promise<void> };

/** The provider's stand-in within the test's process, quick and without chance, with our key known to it; this process's environment points at it. */
export async function startAveniaWorld(options: Partial<SandboxOptions> = {}): Promise<AveniaWorld> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const apiKey = "avenia-test-key-0123456789abcdef";
  const sandbox = await startAveniaSandbox({
    apiKey,
    clientPublicKeyPem: publicKey.export({ format: "pem", type: "spki" }).toString(),
    mint: async ({ amountUsdMicros }) => `0x${amountUsdMicros.toString(16).padStart(64, "a")}`,
    stepMs: 0,
    chaos: { twice: 0, late: 0 },
    ...options,
  });
  vi.stubEnv("AVENIA_BASE_URL", sandbox.url);
  vi.stubEnv("AVENIA_API_KEY", apiKey);
  vi.stubEnv("AVENIA_SIGNING_KEY", Buffer.from(privateKey.export({ format: "pem", type: "pkcs8" })).toString("base64"));
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${sandbox.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  };
  return { sandbox, access: { baseUrl: sandbox.url, apiKey, signingKey: privateKey, timeoutMs: 2_000 }, post, stop: sandbox.stop };
}
