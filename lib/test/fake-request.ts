import { vi } from "vitest";

/** One request as next/headers shows it. Set what the test needs; cookies that the code sets are kept, as a browser would. */
export const fakeRequest = {
  headers: new Headers(),
  cookies: new Map<string, string>(),
  /** The options of each cookie that was set. */
  cookieOptions: new Map<string, Record<string, unknown>>(),
};

/** For `vi.mock("next/headers", fakeNextHeaders)`. */
export const fakeNextHeaders = () => ({
  headers: vi.fn(async () => fakeRequest.headers),
  cookies: vi.fn(async () => ({
    get: (name: string) => {
      const value = fakeRequest.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
    set: (name: string, value: string, options: Record<string, unknown>) => {
      if (options["maxAge"] === 0) fakeRequest.cookies.delete(name);
      else fakeRequest.cookies.set(name, value);
      fakeRequest.cookieOptions.set(name, options);
    },
  })),
});

/** A fresh browser on our own page. */
export function resetFakeRequest(headers: Record<string, string> = {}) {
  fakeRequest.headers = new Headers({ origin: "http://localhost:3000", host: "localhost:3000", "x-socket-address": "127.0.0.1", ...headers });
  fakeRequest.cookies.clear();
  fakeRequest.cookieOptions.clear();
}
