"use client";

import { MapPin } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useActionState, useEffect, useRef, useState } from "react";
import { useErrorText } from "@/components/error-text";
import { Tile } from "@/components/tile";
import { tileWord } from "@/components/tile-art";
import { Button, SubmitButton } from "@/components/ui/button";
import { Field, FieldError, FieldFrame } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { Select } from "@/components/ui/select";
import type { ErrorCode } from "@/lib/errors";
import { formatBrl } from "@/lib/money-format";
import { CATEGORIES, REWARD_RATE_BPS_DEFAULT, REWARD_RATE_BPS_MAX, REWARD_RATE_BPS_MIN, REWARD_RATE_BPS_STEP, splitByRewardRate, STORE_NAME_LENGTH_MAX, SYMBOL_LENGTH_MAX, SYMBOL_LENGTH_MIN, symbolSuggestions } from "@/lib/stores/rules";
import { checkSymbolAction, openStoreAction } from "./actions";

type FieldName = "name" | "symbol" | "category" | "place" | "reward";
const FIELD_OF: Partial<Record<ErrorCode, FieldName>> = {
  store_name_invalid: "name",
  symbol_invalid: "symbol",
  symbol_taken: "symbol",
  category_invalid: "category",
  place_invalid: "place",
  reward_rate_invalid: "reward",
};
const TYPING_PAUSE_MS = 300;
const HUNDRED_REAIS = 10_000n;

type SymbolState = { symbol: string; problem: "symbol_invalid" | "symbol_taken" | null; suggestions: readonly string[] };

export function OpenStoreForm({ formKey: offeredKey, seed: offeredSeed }: { formKey: string; seed: string }) {
  const t = useTranslations("store");
  const errorText = useErrorText();
  // Whatever the page is drawn with later, this form is one store.
  const [{ formKey, seed }] = useState({ formKey: offeredKey, seed: offeredSeed });
  const [state, submit] = useActionState(openStoreAction, null);
  const [name, setName] = useState("");
  const [typedSymbol, setTypedSymbol] = useState<string | null>(null);
  const [category, setCategory] = useState("");
  const [place, setPlace] = useState("");
  const form = useRef<HTMLFormElement>(null);

  const symbol = typedSymbol ?? symbolSuggestions(name)[0] ?? "";
  const checked = useSymbolCheck(symbol, name);
  // A sentence about a field goes when the field is changed.
  const [answered, setAnswered] = useState<typeof state>(null);
  const refused = state?.ok === false && state !== answered ? state : null;
  const wrong = refused ? FIELD_OF[refused.code] : undefined;
  const edited = (field: FieldName) => {
    if (wrong === field) setAnswered(state);
  };
  const errorOf = (field: FieldName) => (refused && wrong === field ? errorText(refused.code, refused.details) : null);

  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLElement>(`[data-field="${wrong}"] input, [data-field="${wrong}"] select`)?.focus();
  }, [refused, wrong]);

  const refusedSuggestions = refused?.code === "symbol_taken" ? String(refused.details["suggestions"] ?? "").split(",").filter(Boolean) : [];
  const isRefusedSymbol = wrong === "symbol" && checked?.symbol !== symbol;
  const suggestions = checked?.symbol === symbol ? checked.suggestions : isRefusedSymbol ? refusedSuggestions : [];
  const isTaken = checked?.symbol === symbol && checked.problem === "symbol_taken";
  const symbolError = isTaken ? t(suggestions.length > 0 ? "symbolTaken" : "symbolHint") : checked?.symbol === symbol && checked.problem && typedSymbol !== null ? errorText(checked.problem) : isRefusedSymbol ? errorOf("symbol") : null;
  const isFree = checked?.symbol === symbol && checked.problem === null;

  return (
    <form ref={form} action={submit} noValidate className="grid gap-5">
      <div className="flex items-center gap-4">
        <Tile seed={seed} size={84} isNamed />
        <div>
          <h2 className="text-title">{t("tileTitle")}</h2>
          <p className="mt-1 text-muted">{t.rich("tileText", { word: tileWord(seed), b: (text) => <b className="font-semibold text-ink">{text}</b> })}</p>
        </div>
      </div>
      <input type="hidden" name="formKey" value={formKey} />
      <TimeZoneInput />
      <div data-field="name">
        <Field label={t("nameLabel")} name="name" value={name} onChange={(event) => (edited("name"), setName(event.target.value))} maxLength={2 * STORE_NAME_LENGTH_MAX} autoComplete="organization" required error={errorOf("name")} />
      </div>
      <div data-field="symbol" className="grid gap-2">
        <Field
          label={t("symbolLabel")}
          name="symbol"
          value={symbol}
          onChange={(event) => (edited("symbol"), setTypedSymbol(event.target.value.toUpperCase()))}
          maxLength={SYMBOL_LENGTH_MAX}
          minLength={SYMBOL_LENGTH_MIN}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          required
          hint={isFree ? null : t("symbolHint")}
          good={isFree ? t("symbolFree", { symbol }) : null}
          error={symbolError}
        />
        {suggestions.length > 0 ? (
          <div className="flex flex-wrap gap-2">
            {suggestions.map((suggestion) => (
              <Button key={suggestion} kind="outline" size="medium" onClick={() => (edited("symbol"), setTypedSymbol(suggestion))} aria-label={t("symbolUse", { symbol: suggestion })}>
                {suggestion}
              </Button>
            ))}
          </div>
        ) : null}
      </div>
      <div data-field="category">
        <Select
          label={t("categoryLabel")}
          name="category"
          value={category}
          onChange={(event) => (edited("category"), setCategory(event.target.value))}
          required
          error={errorOf("category")}
          options={[{ value: "", label: t("categoryChoose") }, ...CATEGORIES.map((key) => ({ value: key, label: t(`categories.${key}`) }))]}
        />
      </div>
      <div data-field="place" className="grid gap-2">
        <Field
          label={t("placeLabel")}
          name="place"
          value={place}
          onChange={(event) => (edited("place"), setPlace(event.target.value))}
          maxLength={200}
          autoComplete="street-address"
          required
          hint={t("placeHint")}
          error={errorOf("place")}
          leading={<Icon of={MapPin} className="text-brand-ink" />}
        />
        <DeviceLocation />
      </div>
      <RewardRate error={errorOf("reward")} />
      <FieldError error={refused && !wrong ? errorText(refused.code, refused.details) : null} />
      <SubmitButton isWide busyLabel={t("opening")}>
        {t("open")}
      </SubmitButton>
    </form>
  );
}

/** Asks the server a moment after the last key whether the symbol is free. The answer names the symbol it is for. */
function useSymbolCheck(symbol: string, name: string): SymbolState | null {
  const [answer, setAnswer] = useState<SymbolState | null>(null);
  const nameNow = useRef(name);
  useEffect(() => {
    nameNow.current = name;
  }, [name]);
  useEffect(() => {
    if (symbol.length < SYMBOL_LENGTH_MIN) return setAnswer(symbol === "" ? null : { symbol, problem: "symbol_invalid", suggestions: [] });
    let isLate = false;
    const ask = async () => {
      const form = new FormData();
      form.set("symbol", symbol);
      form.set("name", nameNow.current);
      // Without an answer the field says nothing; opening the store asks again.
      const result = await checkSymbolAction(null, form).catch(() => null);
      if (!isLate && result?.ok) setAnswer({ symbol, problem: result.value.problem, suggestions: result.value.suggestions });
    };
    const timer = setTimeout(() => void ask(), TYPING_PAUSE_MS);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [symbol]);
  return answer;
}

/** The browser's zone, known only there; without it the store's days follow Brasília. */
function TimeZoneInput() {
  const [timeZone, setTimeZone] = useState("");
  useEffect(() => setTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone), []);
  return <input type="hidden" name="timeZone" value={timeZone} />;
}

/** The device's place, when the owner asks for it; refused or absent, the address is enough. */
function DeviceLocation() {
  const t = useTranslations("store");
  const [state, setState] = useState<"idle" | "waiting" | "refused" | { latitude: number; longitude: number }>("idle");
  const ask = () => {
    setState("waiting");
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => setState({ latitude, longitude }),
      () => setState("refused"),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  };
  const found = typeof state === "object" ? state : null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <input type="hidden" name="latitude" value={found?.latitude ?? ""} />
      <input type="hidden" name="longitude" value={found?.longitude ?? ""} />
      <Button kind="quiet" size="medium" icon={<Icon of={MapPin} />} busy={state === "waiting" && t("locationWaiting")} onClick={ask}>
        {t("locationUse")}
      </Button>
      <p role="status" className="text-small text-muted">
        {found ? t("locationKept") : state === "refused" ? t("locationRefused") : null}
      </p>
    </div>
  );
}

/** What the customer gets and the store keeps of R$ 100 at the chosen rate. */
function RewardRate({ error }: { error: string | null }) {
  const t = useTranslations("store");
  const locale = useLocale();
  const [bps, setBps] = useState(REWARD_RATE_BPS_DEFAULT);
  const { reward, kept } = splitByRewardRate(HUNDRED_REAIS, bps);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(bps / 10_000);
  return (
    <div data-field="reward" className="rounded-card bg-card p-5 shadow-1">
      <FieldFrame
        label={
          <span className="flex items-baseline justify-between gap-3">
            {t("rewardLabel")}
            <output className="money text-money-m text-reward-ink">{percent}</output>
          </span>
        }
        hint={t("rewardHint")}
        error={error}
      >
        {(control) => (
          <input
            {...control}
            type="range"
            name="rewardRateBps"
            min={REWARD_RATE_BPS_MIN}
            max={REWARD_RATE_BPS_MAX}
            step={REWARD_RATE_BPS_STEP}
            value={bps}
            onChange={(event) => setBps(Number(event.target.value))}
            aria-valuetext={percent}
            className="h-11 w-full accent-brand"
          />
        )}
      </FieldFrame>
      <p className="mt-3 text-small text-muted">{t("rewardOf", { amount: formatBrl(HUNDRED_REAIS, locale) })}</p>
      <dl className="mt-1 grid grid-cols-2 gap-3">
        <div className="rounded-[18px] bg-reward-soft px-4 py-3 text-reward-ink">
          <dt className="text-small">{t("rewardReward")}</dt>
          <dd className="money text-heading">{formatBrl(reward, locale)}</dd>
        </div>
        <div className="rounded-[18px] bg-sunk px-4 py-3">
          <dt className="text-small text-muted">{t("rewardKept")}</dt>
          <dd className="money text-heading">{formatBrl(kept, locale)}</dd>
        </div>
      </dl>
    </div>
  );
}
