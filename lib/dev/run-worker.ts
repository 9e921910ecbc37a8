/** `npm run worker`: the worker as in production, which refuses by name what is missing or unsafe; the local stack names its own APP_ENV. */
process.env.APP_ENV ??= "production";
await import("../worker/main");

export {};
