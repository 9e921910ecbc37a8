import "server-only";
import pino, { type Logger } from "pino";
import { env } from "./env";

// A person, a code or a key never reaches the log, also when somebody logs a whole object by mistake.
const REDACTED = ["phone", "code", "token", "cookie", "privateKey", "authorization", "secret", "body"];

let logger: Logger | undefined;

/** The process's log: one JSON line an entry on standard output. */
export function log(): Logger {
  return (logger ??= pino({
    level: env().LOG_LEVEL,
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: "[redacted]" },
  }));
}
