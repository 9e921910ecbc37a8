import { randomUUID } from "node:crypto";
import type { Person } from "./people";

/** What a form of a page sends without a script: its action's address, its hidden fields. */
type PageForm = { url: string; hidden: [string, string][] };

/** The answer to a sent form: where it leads, or the page that says why not. */
export type FormAnswer = { status: number; location: string | null; html: string };

export type Review = { form: PageForm; key: string; quote: string };

const entities: Record<string, string> = { "&quot;": '"', "&amp;": "&", "&#x27;": "'", "&lt;": "<", "&gt;": ">" };
const decode = (text: string) => text.replace(/&(?:quot|amp|#x27|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** Loads a page as a person and finds the last form that holds a field (or a button's words): what leads on stands at a page's end. */
export async function loadForm(url: string, { cookie }: Pick<Person, "cookie">, holds: string): Promise<PageForm> {
  const answer = await fetch(url, { headers: { cookie }, redirect: "manual" });
  const html = await answer.text();
  const form = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([text]) => text).findLast((text) => text.includes(holds));
  if (!form) throw new Error(`${url} answered ${answer.status} without the form of ${holds}`);
  const hidden = [...form.matchAll(/<input\b[^>]*>/g)].flatMap(([input]): [string, string][] => {
    const name = /\bname="([^"]*)"/.exec(input)?.[1];
    return name && /type="hidden"/.test(input) ? [[decode(name), decode(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? "")]] : [];
  });
  return { url, hidden };
}

/** Sends a form as a browser without scripts does: the real server action of that web process. Rejects when the process is gone. */
export async function sendForm({ url, hidden }: PageForm, { cookie }: Pick<Person, "cookie">, fields: Record<string, string>): Promise<FormAnswer> {
  const body = new FormData();
  for (const [name, value] of hidden) if (!(name in fields)) body.append(name, value);
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const answer = await fetch(url, { method: "POST", body, redirect: "manual", headers: { cookie, origin: new URL(url).origin } });
  return { status: answer.status, location: answer.headers.get("location"), html: await answer.text() };
}

/** From the store's link to the review page, by the amount form. */
export async function reviewPayment(origin: string, person: Person, shortCode: string, amount: string, currency: "BRL" | "USD" = "USD"): Promise<Review> {
  const amountForm = await loadForm(`${origin}/p/${shortCode}`, person, 'name="amount"');
  const answer = await sendForm(amountForm, person, { shortCode, currency, amount });
  if (!answer.location) throw new Error(`The amount was refused (${answer.status}): ${saidIn(answer.html)}`);
  const url = new URL(answer.location, origin);
  return { form: await loadForm(url.href, person, 'name="q"'), key: url.searchParams.get("k") ?? "", quote: url.searchParams.get("q") ?? "" };
}

/** The same review as another web process shows it: the same fields, sent there. */
export const atOrigin = ({ form, ...review }: Review, origin: string): Review => ({ ...review, form: { ...form, url: form.url.replace(new URL(form.url).origin, origin) } });

/** Taps "Pagar". Answers the payment's id, or the refusal as the page says it. */
export async function confirm({ form, key, quote }: Review, person: Pick<Person, "cookie">, withKey = key): Promise<{ transactionId: string } | { refusal: string; status: number }> {
  const answer = await sendForm(form, person, { k: withKey, q: quote });
  const transactionId = /\/payments\/([0-9a-f-]{36})/.exec(answer.location ?? "")?.[1];
  return transactionId ? { transactionId } : { refusal: saidIn(answer.html), status: answer.status };
}

/** Quotes and confirms a payment that has to be taken. */
export async function pay(origin: string, person: Person, shortCode: string, amount: string, currency: "BRL" | "USD" = "USD"): Promise<string> {
  const answer = await confirm(await reviewPayment(origin, person, shortCode, amount, currency), person);
  if ("refusal" in answer) throw new Error(`The payment was refused (${answer.status}): ${answer.refusal}`);
  return answer.transactionId;
}

export const newKey = () => randomUUID();

/** The sentence of a page's alert. */
export function saidIn(html: string): string {
  const alert = /role="alert"[^>]*>([\s\S]*?)<\/div>\s*<\/div>/.exec(html)?.[1] ?? "";
  return decode(alert.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim()).slice(0, 300);
}
