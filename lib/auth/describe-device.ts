/** What `sessions.device_info` holds: enough for a person to recognise a device in the list of sessions. */
export type DeviceInfo = { platform: "phone" | "tablet" | "computer" | "unknown"; os: string; browser: string };

const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad|iPod/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux/, "Linux"],
];

// In this order: most browsers also claim to be the ones below them.
const BROWSERS: [RegExp, string][] = [
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const find = (table: [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1] ?? "unknown";

/** A User-Agent in words. The header is the client's own claim: for recognition only, never for a decision. */
export function describeDevice(userAgent: string | null): DeviceInfo {
  const text = userAgent ?? "";
  const os = find(SYSTEMS, text);
  const isTablet = /iPad/.test(text) || (os === "Android" && !/Mobile/.test(text));
  const platform = os === "unknown" ? "unknown" : isTablet ? "tablet" : /iOS|Android/.test(os) ? "phone" : "computer";
  return { platform, os, browser: find(BROWSERS, text) };
}

/** "Chrome · Android": the names that need no translation; empty for a device that says nothing. */
export const shownDevice = ({ os, browser }: DeviceInfo): string => [browser, os].filter((name) => name !== "unknown").join(" · ");
