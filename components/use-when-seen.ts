import { useCallback, useEffect, useRef } from "react";

/** Runs at once when the page is seen, else as soon as it is seen again: a page in the background asks for no prices. */
export function useWhenSeen(run: () => void): () => void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  }, [run]);
  return useCallback(() => {
    if (document.visibilityState === "visible") return latest.current();
    const seen = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", seen);
      latest.current();
    };
    document.addEventListener("visibilitychange", seen);
  }, []);
}
