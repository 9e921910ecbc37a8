import { expect, test } from "vitest";
import { addressGroup, networkOf, clientAddress } from "./client-address";

const headers = (forwarded: string | null, socket = "203.0.113.9") => new Headers({ ...(forwarded === null ? {} : { "x-forwarded-for": forwarded }), "x-socket-address": socket });

test.each([
  // Without a proxy of ours the header is the client's own invention.
  [0, "198.51.100.1", "203.0.113.9"],
  [0, null, "203.0.113.9"],
  // With one, what it wrote is the last entry, and everything before it is the client's.
  [1, "198.51.100.1", "198.51.100.1"],
  [1, "6.6.6.6, 198.51.100.1", "198.51.100.1"],
  [2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
  [1, "::ffff:198.51.100.1", "198.51.100.1"],
  [1, "198.51.100.1:5123", "198.51.100.1"],
  [1, "[2001:db8::1]:443", "2001:db8::1"],
  [1, "unknown", null],
  [1, null, null],
  [3, "198.51.100.1", null],
  [1, "1.2.3.4'; DROP TABLE users", null],
])("%i hops and %j give %j", (hops, forwarded, address) => {
  expect(clientAddress(headers(forwarded), hops)).toBe(address);
});

test("a socket of an IPv4 client on a dual-stack server is the IPv4", () => {
  expect(clientAddress(headers(null, "::ffff:127.0.0.1"), 0)).toBe("127.0.0.1");
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("%s counts as %s", (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test.each([
  ["189.4.77.12", "189.4.x.x"],
  ["2804:14d:7e8a::1", "2804:14d::"],
  ["2804::1", "2804:0::"],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
