"use client";

import { useTranslations } from "next-intl";
import { addressUrl, chainName } from "@/lib/chain/chains";
import type { CustodyView } from "@/lib/accounts/rules";
import type { ChainAnswer } from "./judge-check";

/** Every chain's own words, for whoever wants to see addresses. */
export function CheckDetails({ view, answers }: { view: CustodyView; answers: readonly ChainAnswer[] }) {
  const t = useTranslations("custody.check.details");
  const kinds = useTranslations("custody.kinds");
  const nameOf = (signer: string): string => {
    const owner = view.owners.find(({ address }) => address === signer);
    if (owner) return owner.name ?? kinds(owner.kind);
    return t(view.serverKeys.includes(signer) ? "server" : "unknown");
  };
  return (
    <details className="mt-3">
      <summary className="flex min-h-11 w-fit items-center font-semibold text-brand-ink underline underline-offset-3 marker:content-none">{t("open")}</summary>
      <dl className="mt-1 grid gap-4 text-small">
        {view.chains.map(({ chainId, account }) => {
          const answer = answers.find((item) => item?.chainId === chainId);
          return (
            <div key={chainId} data-testid={`signers-${chainId}`}>
              <dt className="font-semibold">{t("account", { chain: chainName(chainId) })}</dt>
              <dd className="mt-1">
                <a href={addressUrl(chainId, account)} rel="noreferrer" target="_blank" className="font-mono text-caption break-all">
                  {account}
                </a>
              </dd>
              {answer ? (
                <>
                  <dd className="mt-2 font-semibold">{t("signers")}</dd>
                  {answer.signers === null ? <dd className="text-muted">{t("notDeployed")}</dd> : null}
                  {answer.signers?.map((signer) => (
                    <dd key={signer}>
                      {nameOf(signer)} <span className="block font-mono text-caption break-all text-muted">{signer}</span>
                    </dd>
                  ))}
                  <dd className="mt-2 text-muted">
                    {t("permissions")}: {answer.residue === 0 ? t("none") : answer.residue}
                  </dd>
                </>
              ) : (
                <dd className="text-muted">{t("noAnswer")}</dd>
              )}
            </div>
          );
        })}
      </dl>
    </details>
  );
}
