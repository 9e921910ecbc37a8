/** Headers that our own front sets on every request, over whatever the client sent. */

/** Path and query of the page, for the way back after a sign-in. Set by proxy.ts. */
export const PATH_HEADER = "x-path";
/** The browser's random id, from its cookie or made for this request. Set by proxy.ts. */
export const DEVICE_HEADER = "x-device-id";
/** The address at the other end of the connection. Set by socket-address.ts, before Next sees the request. */
export const SOCKET_HEADER = "x-socket-address";

export const DEVICE_COOKIE = "device";
/** 128 random bits, base64url. */
export const DEVICE_ID = /^[A-Za-z0-9_-]{22}$/;
