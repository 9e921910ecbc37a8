"use client";

import { CircleUserRound, Landmark, Users, Wallet, Zap, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { SubmitButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Segments } from "@/components/ui/segments";
import { Select } from "@/components/ui/select";
import { chainName } from "@/lib/chain/chains";
import { brlCentavosFromUsd } from "@/lib/money";
import { formatBrl, formatUsd, formatWait } from "@/lib/money-format";
import { paths } from "@/lib/paths";
import { PAYOUT_USD_MICROS_MIN } from "@/lib/payouts/rules";
import { quotePayoutAction } from "../actions";
import type { NewPayoutPage as OfferedPayout } from "@/lib/payouts/queries";

const KINDS = [
  { kind: "balance", type: "wallet", icon: CircleUserRound },
  { kind: "team", type: "wallet", icon: Users },
  { kind: "pix", type: "pix", icon: Zap },
  { kind: "bank", type: "bank", icon: Landmark },
  { kind: "wallet", type: "wallet", icon: Wallet },
] as const satisfies readonly { kind: string; type: "pix" | "bank" | "wallet"; icon: LucideIcon }[];
type Kind = (typeof KINDS)[number]["kind"];
const ADD = { pix: "addPix", bank: "addBank", wallet: "addWallet" } as const;

/** Five places to send money to; a saved destination only once its day is over. */
export function NewPayoutForm({ storeId, ownId, offer, againId, destinationId }: { storeId: string; ownId: string; offer: OfferedPayout; againId: string | null; destinationId: string | null }) {
  const t = useTranslations("payouts.form");
  const words = useTranslations("payouts");
  const locale = useLocale();
  const errorText = useErrorText();
  const [state, submit] = useActionState(quotePayoutAction, null);
  const offered = KINDS.filter(({ type }) => offer.offered.includes(type));
  const wanted = offer.destinations.find(({ id }) => id === destinationId)?.type;
  const [kind, setKind] = useState<Kind>(wanted && offered.some((one) => one.kind === wanted) ? wanted : (offered[0]?.kind ?? "balance"));
  // Kept by the page: a form that was refused is otherwise emptied, and an amount must never change its currency silently.
  const [isAll, setAll] = useState(false);
  const [amount, setAmount] = useState("");
  const [currency, setCurrency] = useState("BRL");
  const isPartner = kind === "pix" || kind === "bank";
  // Reais come from one network's money: the partner's own first, and any other is brought there.
  const [from, setFrom] = useState<string | null>(null);
  const largest = (pots: OfferedPayout["pots"]) => pots.reduce<OfferedPayout["pots"][number] | undefined>((most, pot) => (!most || pot.valueUsdMicros > most.valueUsdMicros ? pot : most), undefined);
  const reachable = offer.pots.filter(({ reachesPartner, valueUsdMicros }) => reachesPartner && valueUsdMicros >= PAYOUT_USD_MICROS_MIN);
  const partnerPot = reachable.find(({ chainId }) => chainId === from) ?? reachable.find(({ chainId }) => chainId === offer.partnerChainId) ?? largest(reachable);
  const available = ((isPartner ? partnerPot : null) ?? largest(offer.pots))?.valueUsdMicros ?? 0n;
  const error = state && !state.ok ? errorText(state.code, state.details) : undefined;
  return (
    <form action={submit} className="grid gap-5">
      <input type="hidden" name="storeId" value={storeId} />
      {againId ? <input type="hidden" name="again" value={againId} /> : null}
      <Card as="div">
        <fieldset>
          <legend className="text-label">{t("where")}</legend>
          <div className="mt-2.5 grid grid-cols-2 gap-2.5 sm:grid-cols-3 lg:grid-cols-5">
            {offered.map(({ kind: value, icon }) => (
              <label
                key={value}
                className="relative grid min-h-22 place-content-center justify-items-center gap-2 rounded-[18px] p-2 text-center text-label shadow-[inset_0_0_0_1.5px_var(--color-line)] has-checked:bg-brand-soft has-checked:text-brand-ink has-checked:shadow-[inset_0_0_0_2.5px_var(--color-brand-ink)] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
              >
                <input type="radio" name="kind" value={value} checked={kind === value} onChange={() => setKind(value)} className="absolute inset-0 cursor-pointer opacity-0" />
                <Icon of={icon} />
                {words(`kinds.${value}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="mt-5">
          <Destination key={kind} kind={kind} storeId={storeId} ownId={ownId} offer={offer} destinationId={destinationId} />
        </div>
      </Card>
      <Card as="div">
        <div className="grid gap-3">
          <div className="flex flex-wrap items-end gap-3">
            <div className="min-w-[180px] flex-1">
              <Field name="amount" label={t("amount")} inputMode="decimal" autoComplete="off" placeholder="0,00" readOnly={isAll} value={isAll ? "" : amount} onChange={(event) => setAmount(event.target.value)} error={error} />
            </div>
            <Segments name="currency" legend={t("currency")} value={currency} onChange={setCurrency} segments={[{ value: "BRL", label: "R$" }, { value: "USD", label: "US$" }]} />
          </div>
          <p className="text-small text-muted tabular-nums">{t("available", { brl: formatBrl(brlCentavosFromUsd(available, offer.brlPerUsdMicros), locale), usd: formatUsd(available, locale) })}</p>
          {isPartner && partnerPot && reachable.length > 1 ? (
            <Select
              name="chainId"
              label={t("from")}
              hint={t("fromNote")}
              value={partnerPot.chainId}
              onChange={(event) => setFrom(event.target.value)}
              options={reachable.map(({ chainId, valueUsdMicros }) => ({ value: chainId, label: t("pot", { chain: chainName(chainId), usd: formatUsd(valueUsdMicros, locale) }) }))}
            />
          ) : null}
          {isPartner && partnerPot && reachable.length === 1 ? <input type="hidden" name="chainId" value={partnerPot.chainId} /> : null}
          <label className="flex min-h-11 w-fit items-center gap-3 font-semibold">
            <input type="checkbox" name="all" checked={isAll} onChange={(event) => setAll(event.target.checked)} className="size-5 accent-brand" />
            {t("all")}
          </label>
        </div>
      </Card>
      <SubmitButton isWide busyLabel={t("continuing")}>
        {t("continue")}
      </SubmitButton>
    </form>
  );
}

/** Who or what gets it, for each kind of place. */
function Destination({ kind, storeId, ownId, offer, destinationId }: { kind: Kind; storeId: string; ownId: string; offer: OfferedPayout; destinationId: string | null }) {
  const t = useTranslations("payouts.form");
  const words = useTranslations("payouts");
  const locale = useLocale();
  const saved = offer.destinations.filter(({ type }) => type === kind);
  const first = kind === "team" ? `balance:${offer.members[0]?.userId ?? ""}` : `saved:${(saved.find(({ id }) => id === destinationId) ?? saved[0])?.id ?? ""}`;
  const [to, setTo] = useState(first);
  if (kind === "balance") {
    return (
      <>
        <input type="hidden" name="to" value={`balance:${ownId}`} />
        <p className="text-small text-muted">{t("own")}</p>
      </>
    );
  }
  if (kind === "team") {
    if (offer.members.length === 0) return <p className="text-muted">{t("noMembers")}</p>;
    return (
      <Select
        name="to"
        label={t("member")}
        value={to}
        onChange={(event) => setTo(event.target.value)}
        options={offer.members.map(({ userId, name, waitSeconds }) => ({
          value: `balance:${userId}`,
          label: waitSeconds > 0 ? t("memberWaits", { name: name ?? words("kinds.team"), wait: formatWait(waitSeconds, locale) }) : (name ?? words("kinds.team")),
        }))}
      />
    );
  }
  return (
    <div className="grid gap-2">
      {saved.length === 0 ? (
        <p className="text-muted">{t("noDestinations")}</p>
      ) : (
        <Select
          name="to"
          label={t("destination")}
          value={to}
          onChange={(event) => setTo(event.target.value)}
          options={saved.map(({ id, name, label, shown, waitSeconds }) => {
            const title = [label ?? name, shown].filter(Boolean).join(" · ");
            return { value: `saved:${id}`, label: waitSeconds > 0 ? t("destinationWaits", { name: title, wait: formatWait(waitSeconds, locale) }) : title };
          })}
        />
      )}
      <Link href={paths.newPayoutDestination(storeId, kind)} className="inline-flex min-h-11 w-fit items-center font-semibold text-brand-ink underline underline-offset-3">
        {t(ADD[kind])}
      </Link>
    </div>
  );
}
