/** Waits, or less when the signal ends it. Never throws. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** A loop's clock: it ticks by itself after an interval, and at once when somebody has news for it. */
export class Waker {
  #isDue = false;
  #resume: (() => void) | null = null;

  /** Ends the present wait; without one, the next wait ends at once. Ten calls are one. */
  wake() {
    this.#isDue = true;
    this.#resume?.();
  }

  /** Waits for `wake`, at most this long. True when it was called. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isDue && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          this.#resume = null;
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener("abort", done, { once: true });
        this.#resume = done;
      });
    }
    const wasCalled = this.#isDue;
    this.#isDue = false;
    return wasCalled;
  }
}
