import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { optionalActor } from "@/lib/auth/session";
import { Home } from "./home";
import { Landing } from "./landing";

export async function generateMetadata(): Promise<Metadata> {
  const [t, actor] = await Promise.all([getTranslations("wallet"), optionalActor()]);
  return actor ? { title: t("homeTitle"), robots: { index: false } } : {};
}

/** One address for both: a stranger sees what CocoPay is, a person sees their money. */
export default async function HomePage() {
  const actor = await optionalActor();
  return actor ? <Home actor={actor} /> : <Landing />;
}
