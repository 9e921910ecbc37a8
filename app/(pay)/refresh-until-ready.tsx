import { RefreshEvery } from "@/components/refresh-every";

const EVERY_MS = 2_500;

/** Reads the page again while it waits for the server. Without scripts the browser reloads. */
export function RefreshUntilReady({ everyMs = EVERY_MS }: { everyMs?: number }) {
  return (
    <>
      <RefreshEvery ms={everyMs} />
      <noscript>
        <meta httpEquiv="refresh" content="5" />
      </noscript>
    </>
  );
}
