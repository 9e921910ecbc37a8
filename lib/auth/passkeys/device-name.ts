import { describeDevice } from "../describe-device";
import { PASSKEY_NAME_MAX } from "./rules";

/** Password managers that say who they are (their AAGUID), by the name that people know. Anything else is named by browser and system. */
const MANAGERS: Record<string, string> = {
  "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google",
  "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome (Mac)",
  "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud",
  "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud",
  "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
  "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
  "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
  "53414d53-554e-4700-0000-000000000000": "Samsung Pass",
  "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
  "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
  "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
  "50726f74-6f6e-5061-7373-50726f746f6e": "Proton Pass",
  "b84e4048-15dc-4dd0-8640-f4f60813c8af": "NordPass",
  "fdb141b2-5d84-443e-8a35-4698c205a502": "KeePassXC",
};

/** How a new passkey is called until its person renames it: by its manager, else by browser and system; the second of a name is "… 2". */
export function passkeyNameOf({ aaguid, userAgent, taken }: { aaguid: string; userAgent: string | null; taken: readonly string[] }): string {
  const { os, browser } = describeDevice(userAgent);
  const parts = [browser, os].filter((part) => part !== "unknown");
  const manager = MANAGERS[aaguid];
  const name = manager ? (os === "unknown" || manager.includes("(") || manager.startsWith("Windows") ? manager : `${manager} (${os})`) : parts.length === 2 ? `${browser} (${os})` : (parts[0] ?? "Passkey");
  for (let number = 1; ; number += 1) {
    const tried = (number === 1 ? name : `${name} ${number}`).slice(0, PASSKEY_NAME_MAX);
    if (!taken.includes(tried)) return tried;
  }
}
