// Loaded before a worker by search-secrets.test.ts alone: keeps a key in that process's memory, as a leak would.
const key = Buffer.from(process.env.CANARY ?? "", "hex");
globalThis.canary = [`0x${key.toString("hex")}!`, key.toString("base64"), { list: [...key].join(",") }];
