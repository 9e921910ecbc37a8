import { useTranslations } from "next-intl";
import { Disclosure } from "@/components/ui/disclosure";
import type { StoreSettings } from "@/lib/stores/settings";

/** Where the store stands on each network: the only place of the settings that shows addresses. */
export function Advanced({ chains }: { chains: StoreSettings["chains"] }) {
  const t = useTranslations("settings");
  const rows = [
    ["chainAccount", "account"],
    ["chainToken", "token"],
    ["chainTerminal", "terminal"],
    ["chainDeployed", "deployedBy"],
  ] as const;
  return (
    <Disclosure title={t("advanced")}>
      <div className="grid gap-5 px-5.5 pb-5">
        {chains.map((chain) => (
          <section key={chain.name}>
            <h3 className="font-semibold">
              {chain.name}
              {chain.projectId === null ? null : (
                <span className="ml-2 font-normal text-muted tabular-nums">
                  {t("chainProject")} #{chain.projectId}
                </span>
              )}
            </h3>
            <dl className="mt-2 grid gap-2 text-small">
              {rows.map(([word, key]) => {
                const linked = chain[key];
                return linked ? (
                  <div key={key}>
                    <dt className="text-muted">{t(word)}</dt>
                    <dd>
                      <a href={linked.url} target="_blank" rel="noopener noreferrer" className="inline-flex min-h-11 items-center break-all text-brand-ink underline underline-offset-3">
                        {linked.text}
                      </a>
                    </dd>
                  </div>
                ) : null;
              })}
            </dl>
          </section>
        ))}
      </div>
    </Disclosure>
  );
}
