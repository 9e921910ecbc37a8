import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { z } from "zod";
import { StartError } from "./start-error";

const DEFAULT_WEB_PORT = 3000;
const MAX_PORT = 65_535;

/** A port on the loopback interface that nothing listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.unref();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** True when a server can listen on this port. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    server.on("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** The web app's port, from PORT or 3000. Fails in a sentence when it is no port or taken. */
export async function webPort(host: string): Promise<number> {
  const port = Number(process.env.PORT ?? DEFAULT_WEB_PORT);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new StartError(`PORT is "${process.env.PORT}": it must be a number between 1 and ${MAX_PORT}.`);
  if (await isPortFree(port, host)) return port;
  throw new StartError(`Port ${port} is taken by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`);
}

/** The remembered ports of the inner servers, by name; a missing or meanwhile taken one is replaced by a free one. */
export async function rememberedPorts<Name extends string>(file: string, names: readonly Name[]): Promise<Record<Name, number>> {
  const remembered = z.record(z.string(), z.number()).catch({}).parse(existsSync(file) ? safeJson(file) : {});
  const ports = {} as Record<Name, number>;
  for (const name of names) {
    const before = remembered[name];
    const isUsable = before !== undefined && !Object.values(ports).includes(before) && (await isPortFree(before));
    ports[name] = isUsable ? before : await unusedPort(Object.values(ports));
  }
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}

async function unusedPort(taken: number[]): Promise<number> {
  let port = await freePort();
  while (taken.includes(port)) port = await freePort();
  return port;
}

function safeJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
