import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { amountOfQuery } from "@/app/(pay)/kept-amount";
import { PayShell } from "@/app/(pay)/pay-shell";
import { AreaMessages } from "@/components/area-messages";
import { tileSeed } from "@/components/tile-art";
import { optionalActor } from "@/lib/auth/session";
import { readVisitor } from "@/lib/auth/visitor";
import { DomainError } from "@/lib/errors";
import { areGuestPaymentsOffered } from "@/lib/guests/offered";
import { getErrorText } from "@/lib/i18n/get-error-text";
import { paths } from "@/lib/paths";
import { openByWalletAction } from "../actions";
import { AmountForm } from "../amount-form";
import { codeOf, readPayPage, retiredStoreOf } from "../read-pay-page";
import { StoreHead } from "../store-head";
import { StoreState } from "../store-state";
import { UnknownStore } from "../unknown-store";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("guest"))("title"), robots: { index: false } };
}

/** How much, for a wallet of one's own. No account, no sign-in; the price is held from the next page on. */
export default async function PayByWalletPage({ params, searchParams }: PageProps<"/p/[code]/wallet">) {
  const code = codeOf((await params).code);
  const [page, query] = await Promise.all([readPayPage(code), searchParams]);
  if (page instanceof DomainError) {
    if (page.code === "short_code_unknown") return <UnknownStore code={code} retiredOf={retiredStoreOf(page)} />;
    return <UnknownStore code={code} problem={(await getErrorText())(page.code, page.details)} />;
  }
  if (!(await areGuestPaymentsOffered(await optionalActor(), await readVisitor()))) return <UnknownStore code={code} problem={(await getErrorText())("guest_payments_off")} />;
  const { store, readiness, rate } = page;
  return (
    <PayShell>
      <AreaMessages areas={["pay", "limits", "guest"]}>
        <StoreHead page={page} seed={tileSeed(store.id, store.qrVersion)} backHref={paths.pay(store.shortCode)}>
          {readiness === "ready" ? (
            <AmountForm
              shortCode={store.shortCode}
              kept={amountOfQuery(query)}
              rate={{ brlPerUsdMicros: rate.brlPerUsdMicros, at: rate.quotedAt, isStale: rate.isStale }}
              availableUsdMicros={null}
              today={null}
              timeZone={store.timeZone}
              byWallet={openByWalletAction}
            />
          ) : (
            <StoreState readiness={readiness} />
          )}
        </StoreHead>
      </AreaMessages>
    </PayShell>
  );
}
