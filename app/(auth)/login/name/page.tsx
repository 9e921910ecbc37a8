import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AreaMessages } from "@/components/area-messages";
import { requireActor } from "@/lib/auth/session";
import { safeNext } from "@/lib/paths";
import { SignInFrame } from "../sign-in-frame";
import { NameForm } from "./name-form";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("auth");
  return { title: t("nameTitle"), robots: { index: false } };
}

export default async function NamePage({ searchParams }: PageProps<"/login/name">) {
  const { next: asked } = await searchParams;
  const next = safeNext(typeof asked === "string" ? asked : null);
  const actor = await requireActor();
  if (actor.name) redirect(next);
  return (
    <SignInFrame>
      <AreaMessages areas={["auth"]}>
        <NameForm next={next} />
      </AreaMessages>
    </SignInFrame>
  );
}
