/** Runs once in each web process before its first request. */
export async function register() {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { watchSocketAddresses } = await import("@/lib/auth/socket-address");
  watchSocketAddresses();
}
