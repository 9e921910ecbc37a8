import { Phone, ScanLine, Wallet } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WalletShell } from "@/app/(wallet)/wallet-shell";
import { Disclosure } from "@/components/ui/disclosure";
import { Icon } from "@/components/ui/icon";
import { Avatar, Row, RowIcon, RowList } from "@/components/ui/row";
import { requireActor } from "@/lib/auth/session";
import { paths } from "@/lib/paths";
import { knownPeople } from "@/lib/transfers/queries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("transfers"))("sendTitle"), robots: { index: false } };
}

/** To whom: a phone, a person's QR, somebody known; an address only for who opens the details. */
export default async function SendPage() {
  const actor = await requireActor();
  const [t, people] = await Promise.all([getTranslations("transfers"), knownPeople(actor)]);
  return (
    <WalletShell current="home">
      <h1 className="flex min-h-15 items-center px-5 lg:mt-6">{t("sendTitle")}</h1>
      <div className="grid gap-4 px-3">
        <p className="px-2 text-muted">{t("sendLead")}</p>
        <RowList label={t("sendTitle")}>
          <Row
            href={paths.sendToPhone()}
            leading={
              <RowIcon ground="brand">
                <Icon of={Phone} />
              </RowIcon>
            }
            title={t("toPhone")}
            line={t("toPhoneLine")}
          />
          <Row
            href={paths.scan()}
            leading={
              <RowIcon ground="brand">
                <Icon of={ScanLine} />
              </RowIcon>
            }
            title={t("toQr")}
            line={t("toQrLine")}
          />
        </RowList>
        {people.length > 0 ? (
          <section aria-labelledby="again">
            <h2 id="again" className="px-2 pb-2 font-sans text-small font-semibold tracking-normal text-muted">
              {t("again")}
            </h2>
            <RowList label={t("again")}>
              {people.map(({ code, name }) => (
                <Row key={code} href={paths.person(code)} leading={<Avatar name={name} />} title={name} />
              ))}
            </RowList>
          </section>
        ) : null}
        <Disclosure title={t("moreOptions")}>
          <RowList isFlat label={t("moreOptions")}>
            <Row
              href={paths.sendToAddress()}
              leading={
                <RowIcon>
                  <Icon of={Wallet} />
                </RowIcon>
              }
              title={t("details.toAddress")}
              line={t("details.toAddressLine")}
            />
          </RowList>
        </Disclosure>
      </div>
    </WalletShell>
  );
}
