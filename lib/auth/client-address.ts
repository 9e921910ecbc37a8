import { isIP } from "node:net";
import { env } from "@/lib/env";
import { SOCKET_HEADER } from "./request-headers";

/**
 * The client's address. With proxies of ours in front, the entry of X-Forwarded-For that the outermost of them wrote, counted
 * from the right: entries further left are whatever the client typed (SECURITY.md 11). Without, the connection's own address.
 * Null when neither is an address.
 */
export function clientAddress(headers: Headers, trustedHops = env().TRUSTED_PROXY_HOPS): string | null {
  if (trustedHops === 0) return parseAddress(headers.get(SOCKET_HEADER));
  return parseAddress(headers.get("x-forwarded-for")?.split(",").at(-trustedHops));
}

/** An IPv4 mapped into IPv6 is the IPv4; a port, as some proxies add it, is dropped. */
function parseAddress(text: string | null | undefined): string | null {
  const address = (text ?? "").trim().replace(/^::ffff:(?=\d+\.)/i, "").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1").replace(/^\[(.+)\](:\d+)?$/, "$1");
  return isIP(address) ? address : null;
}

/** What a limit counts: the IPv4 address, or the /64 of an IPv6 one, because a household has all of it. */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("%")[0]!.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":")}::/64`;
}

/** The range that an address is from, as a person may know the own network: "189.4.x.x", "2804:14d::". There is no map of addresses offline. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address.split(".").slice(0, 2).concat("x", "x").join(".");
  return `${addressGroup(address).split(":").slice(0, 2).join(":")}::`;
}
