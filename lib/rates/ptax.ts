import "server-only";
import { usdMicrosFromDecimal } from "@/lib/money";
import type { Rate } from "./rules";

const WALK_BACK_DAYS_MAX = 7;
const TIMEOUT_MS = 5_000;
/** Its answers fail for moments: a day is asked again before the whole walk is given up. */
const TRIES = 3;
const PAUSE_MS = 300;
/** An answer is a few hundred bytes. */
const ANSWER_BYTES_MAX = 20_000;
const DAY_MS = 86_400_000;

/**
 * The central bank's closing rate (PTAX, selling) of the latest day that has one; weekends, holidays and mornings have none.
 * Fails when seven days in a row are empty or the service does not answer. Source: RAILS.md §5, Olinda `CotacaoDolarDia`.
 */
export async function fetchPtaxRate(baseUrl: string, now: Date): Promise<Rate> {
  for (let back = 0; back <= WALK_BACK_DAYS_MAX; back++) {
    const rate = await fetchDay(baseUrl, new Date(now.getTime() - back * DAY_MS));
    if (rate) return rate;
  }
  throw new Error("PTAX gave no rate for a week");
}

async function fetchDay(baseUrl: string, day: Date): Promise<Rate | null> {
  const [year, month, date] = new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Sao_Paulo" }).format(day).split("-");
  const query = `@dataCotacao='${month}-${date}-${year}'&$format=json`;
  const text = await ask(`${baseUrl}/olinda/servico/PTAX/versao/v1/odata/CotacaoDolarDia(dataCotacao=@dataCotacao)?${query}`);
  // The decimal is read from the text: a JSON number would pass through a float.
  const selling = /"cotacaoVenda"\s*:\s*(\d+(?:\.\d+)?)/.exec(text)?.[1];
  const quoted = /"dataHoraCotacao"\s*:\s*"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})/.exec(text);
  if (!selling || !quoted) return null;
  const [whole = "0", decimals = ""] = selling.split(".");
  return {
    brlPerUsdMicros: usdMicrosFromDecimal(decimals ? `${whole}.${decimals.slice(0, 6)}` : whole),
    quotedAt: new Date(`${quoted[1]}T${quoted[2]}-03:00`),
    source: "ptax",
  };
}

/** The answer's text. A failure of the service is tried again; what it says to be wrong with our question is not. */
async function ask(url: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { accept: "application/json" } });
    if (response.ok) {
      const text = await response.text();
      if (text.length > ANSWER_BYTES_MAX) throw new Error(`PTAX answered ${text.length} letters`);
      return text;
    }
    await response.body?.cancel();
    if (response.status < 500 || attempt === TRIES) throw new Error(`PTAX answered ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
  }
}
