import "server-only";
import postgres from "postgres";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

const RETRY_MS = 1_000;

type Listener = {
  onPayload: (payload: string) => void;
  /** Called each time listening (re)starts: what was notified before it is lost, so read the tables again. */
  onListening: () => void;
};

/**
 * Listens on a channel for the life of the process, on one connection of its own, and listens again after every drop.
 * (The driver's own `listen` gives up for ever when the first try after a drop fails.) A notification is a hint: the caller also polls.
 */
export function keepListening(channel: string, { onPayload, onListening }: Listener): { stop: () => Promise<void> } {
  let isStopped = false;
  let retry: NodeJS.Timeout | undefined;
  const { DATABASE_URL, DATABASE_ROLE } = env();
  const again = () => {
    if (isStopped) return;
    clearTimeout(retry);
    retry = setTimeout(() => void listen(), RETRY_MS);
    retry.unref();
  };
  // `onnotify` is the driver's own hook, missing in its types.
  const options = {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    onclose: again,
    onnotify: (name: string, payload: string) => {
      if (name === channel) onPayload(payload);
    },
    connection: { application_name: "cocopay-live", ...(DATABASE_ROLE ? { role: DATABASE_ROLE } : {}) },
  };
  const connection = postgres(DATABASE_URL, options);

  async function listen() {
    try {
      await connection`LISTEN ${connection(channel)}`;
      onListening();
    } catch (error) {
      log().warn({ err: error, channel }, "cannot listen, trying again");
      again();
    }
  }
  void listen();

  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(retry);
      await connection.end({ timeout: 1 });
    },
  };
}
