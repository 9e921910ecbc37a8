import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { amountOfQuery } from "@/app/(pay)/kept-amount";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { tileSeed } from "@/components/tile-art";
import { optionalActor } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { areGuestPaymentsOffered } from "@/lib/guests/offered";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { DomainError } from "@/lib/errors";
import { AmountForm } from "./amount-form";
import { codeOf, readPayPage, retiredStoreOf } from "./read-pay-page";
import { StoreHead } from "./store-head";
import { StoreState } from "./store-state";
import { UnknownStore } from "./unknown-store";

export async function generateMetadata({ params }: PageProps<"/p/[code]">): Promise<Metadata> {
  const [t, page] = await Promise.all([getTranslations("pay"), readPayPage(codeOf((await params).code))]);
  return { title: page instanceof DomainError ? t("unknownTitle") : t("payTitle", { store: page.store.name }) };
}

export default async function PayPage({ params, searchParams }: PageProps<"/p/[code]">) {
  const code = codeOf((await params).code);
  const [page, query] = await Promise.all([readPayPage(code), searchParams]);
  if (page instanceof DomainError) {
    if (page.code === "short_code_unknown") return <UnknownStore code={code} retiredOf={retiredStoreOf(page)} />;
    const errorText = await getErrorText();
    return <UnknownStore code={code} problem={errorText(page.code, page.details)} />;
  }
  const { store, readiness, rate } = page;
  const seed = tileSeed(store.id, store.qrVersion);
  const kept = amountOfQuery(query);
  const isWalletOffered = await areGuestPaymentsOffered(await optionalActor(), await readVisitor());
  return (
    <PayShell>
      <AreaMessages areas={["pay", "limits", "guest"]}>
        <StoreHead page={page} seed={seed}>
          {readiness === "ready" ? (
            <AmountForm
              shortCode={store.shortCode}
              kept={kept}
              rate={{ brlPerUsdMicros: rate.brlPerUsdMicros, at: rate.quotedAt, isStale: rate.isStale }}
              availableUsdMicros={page.availableUsdMicros}
              togetherUsdMicros={page.togetherUsdMicros}
              today={page.today}
              timeZone={store.timeZone}
              isWalletOffered={isWalletOffered}
            />
          ) : (
            <StoreState readiness={readiness} />
          )}
        </StoreHead>
      </AreaMessages>
    </PayShell>
  );
}
