import type { MetadataRoute } from "next";
import { DEFAULT_LOCALE } from "@/lib/i18n/locale";
import { common } from "@/lib/i18n/messages/common";

/** What a phone needs to keep CocoPay on its home screen. */
export default function manifest(): MetadataRoute.Manifest {
  const texts = common[DEFAULT_LOCALE];
  return {
    name: texts.appName,
    short_name: texts.appName,
    description: texts.appDescription,
    lang: DEFAULT_LOCALE,
    start_url: "/",
    display: "standalone",
    background_color: "#F7F7F3",
    theme_color: "#F7F7F3",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-192.png", sizes: "192x192", type: "image/png", purpose: "maskable" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
