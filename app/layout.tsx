import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { connection } from "next/server";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AreaMessages } from "@/components/area-messages";
import { ServiceWorker } from "@/components/service-worker";
import { Toaster } from "@/components/ui/toaster";
import { THEME_COOKIE, themeOf } from "@/components/theme";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("common");
  return {
    title: { default: t("appName"), template: `%s · ${t("appName")}` },
    description: t("appDescription"),
    applicationName: t("appName"),
    formatDetection: { telephone: false },
    icons: { icon: [{ url: "/icon.svg", type: "image/svg+xml" }, { url: "/icon-192.png", sizes: "192x192" }], apple: "/apple-touch-icon-180.png" },
    appleWebApp: { title: t("appName"), statusBarStyle: "default" },
  };
}

/** The browser's own bar follows the theme; a person's choice wins over the device's. */
export async function generateViewport(): Promise<Viewport> {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  return {
    width: "device-width",
    initialScale: 1,
    viewportFit: "cover",
    themeColor:
      theme === "device"
        ? [
            { media: "(prefers-color-scheme: light)", color: "#F7F7F3" },
            { media: "(prefers-color-scheme: dark)", color: "#081222" },
          ]
        : theme === "dark"
          ? "#081222"
          : "#F7F7F3",
  };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is rendered for its request: the nonce of the Content-Security-Policy must reach its scripts.
  await connection();
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  const [locale, t] = await Promise.all([getLocale(), getTranslations("common")]);
  return (
    <html lang={locale} data-theme={theme === "device" ? undefined : theme}>
      <body>
        <a
          href="#content"
          className="sr-only z-50 rounded-control bg-card px-4 py-3 font-semibold text-brand-ink shadow-2 focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
        >
          {t("skipToContent")}
        </a>
        <AreaMessages areas={[]}>
          {children}
          <Toaster label={t("notices")} />
        </AreaMessages>
        <ServiceWorker />
      </body>
    </html>
  );
}
