/** What the server's live streams say (lib/live/rules.ts). */
export type LiveMessage = { event: "payment" | "change" | "closed"; id: string; data: unknown };

type Listener = {
  onMessage: (message: LiveMessage) => void;
  /** True after the server has sent everything that was missed; false from the first sign of a broken line. */
  onLive: (isLive: boolean) => void;
};

/** The server beats every 15 seconds; a line that is silent for longer is dead, whatever the browser believes. */
const SILENCE_MS = 25_000;
const REOPEN_MS = 2_000;

/**
 * Keeps a live stream open until `close`: the browser reconnects by itself with Last-Event-ID; where it gives up (an error page, a silent line,
 * a sleeping laptop), a new stream is opened that continues after the last event.
 */
export function connectLive(url: string, { onMessage, onLive }: Listener, startAfter?: string): { close: () => void } {
  let source: EventSource | undefined;
  let lastId = startAfter ?? "";
  let isClosed = false;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(reopen, SILENCE_MS);
  };
  const stop = () => {
    clearTimeout(silence);
    clearTimeout(reopening);
    source?.close();
  };
  const open = () => {
    stop();
    if (isClosed) return;
    const current = new EventSource(lastId ? `${url}?after=${lastId}` : url);
    source = current;
    heard();
    const receive = (event: MessageEvent<string>) => {
      heard();
      if (event.lastEventId) lastId = event.lastEventId;
      if (event.type === "closed") close();
      if (event.type === "payment" || event.type === "change" || event.type === "closed") onMessage({ event: event.type, id: event.lastEventId, data: JSON.parse(event.data) });
    };
    for (const name of ["payment", "change", "closed"]) current.addEventListener(name, receive);
    current.addEventListener("beat", heard);
    current.addEventListener("ready", () => {
      heard();
      onLive(true);
    });
    current.addEventListener("error", () => {
      if (source !== current) return;
      onLive(false);
      if (current.readyState === EventSource.CLOSED) reopenSoon();
    });
  };
  const reopenSoon = () => {
    clearTimeout(reopening);
    reopening = setTimeout(open, REOPEN_MS);
  };
  function reopen() {
    onLive(false);
    open();
  }
  const onOffline = () => onLive(false);
  const onVisible = () => {
    if (document.visibilityState === "visible" && source?.readyState === EventSource.CLOSED) reopen();
  };
  window.addEventListener("online", reopen);
  window.addEventListener("offline", onOffline);
  document.addEventListener("visibilitychange", onVisible);

  function close() {
    isClosed = true;
    stop();
    window.removeEventListener("online", reopen);
    window.removeEventListener("offline", onOffline);
    document.removeEventListener("visibilitychange", onVisible);
  }
  open();
  return { close };
}
