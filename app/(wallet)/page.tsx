import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { optionalActor, tillActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { Home } from "./home";
import { Landing } from "./landing";

export async function generateMetadata(): Promise<Metadata> {
  const [t, actor] = await Promise.all([getTranslations("wallet"), optionalActor()]);
  return actor ? { title: t("homeTitle"), robots: { index: false } } : {};
}

/** One address for both: a stranger sees what CocoPay is, a person sees their money. */
export default async function HomePage() {
  const actor = await optionalActor();
  const till = actor ? null : await tillActor();
  if (till?.sharedStoreId) redirect(paths.leaveSharedTill(till.sharedStoreId, paths.home()));
  return actor ? <Home actor={actor} /> : <Landing />;
}
