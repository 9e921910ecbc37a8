import { BrCodeError, decodeBrCode } from "@/lib/brcode/br-code";
import { formatBrl } from "@/lib/money-format";
import type { PayWay } from "./payments";
import type { Attempt, KycPart, Ticket, Verdict } from "./state";
import type { World } from "./world";

export const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const page = (title: string, body: string) => `<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escape(title)}</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f2f1ee;color:#1b1b1b}main{max-width:480px;margin:0 auto;padding:24px 20px 48px}h1{font-size:1.5rem;margin:0 0 4px}
.card{background:#fff;border-radius:18px;padding:20px;margin:16px 0}.big{font-size:2rem;font-weight:700;margin:.2em 0}p{margin:.4em 0}dt{color:#555;font-size:.875rem}dd{margin:0 0 8px;overflow-wrap:anywhere}
button,.button{display:block;width:100%;box-sizing:border-box;min-height:48px;margin:8px 0;border:1px solid #444;border-radius:14px;background:#fff;color:#1b1b1b;font:inherit;font-weight:600;text-align:center;padding:11px;text-decoration:none}
button.main{background:#143c8c;border-color:#143c8c;color:#fff}textarea,input{width:100%;box-sizing:border-box;font:inherit;padding:10px;border-radius:12px;border:1px solid #666}label{font-weight:600;display:block;margin:8px 0 4px}a{color:#143c8c}
:focus-visible{outline:3px solid #b85c00;outline-offset:2px}</style></head><body><main>${body}</main></body></html>`;

const WAYS: [PayWay, string][] = [
  ["exact", "Pagar"],
  ["less", "Pagar a metade"],
  ["twice", "Pagar duas vezes"],
  ["late", "Pagar depois do prazo"],
  ["refused", "Pagar de outra pessoa (recusado)"],
  ["held", "Pagar e deixar em análise"],
  ["release", "Liberar da análise"],
  ["expire", "Deixar o código vencer"],
];

const STATUS: Record<Ticket["status"], string> = { UNPAID: "Aguardando o Pix", PENDING: "Pix recebido", PROCESSING: "Convertendo", "ON-HOLD": "Em análise", PAID: "Dólares entregues", FAILED: "Pix devolvido", "PARTIAL-FAILED": "Falhou em parte" };

/** The tickets, and a field for a code that was copied. */
export const indexPage = (world: World) =>
  page("Banco de teste", `<h1>Banco de teste</h1><p>Faz o papel do aplicativo do seu banco. Nada daqui move dinheiro de verdade.</p><p><a href="/__sandbox/statement">Extrato dos Pix que saíram</a></p>
<form class="card" action="/__sandbox/pay"><label for="brcode">Pix copia e cola</label><textarea id="brcode" name="brcode" rows="5" required></textarea><button class="main">Continuar</button></form>
<div class="card"><h2>Códigos</h2>${world.state.tickets.length === 0 ? "<p>Nenhum código ainda.</p>" : ""}${world.state.tickets.toReversed().slice(0, 20).map((ticket) => `<p><a href="/__sandbox/pay?brcode=${encodeURIComponent(ticket.brCode)}">R$ ${escape(ticket.inputAmount.replace(".", ","))}</a>: ${STATUS[ticket.status]}</p>`).join("")}</div>`);

/** A bank reads the code and offers every way to pay it. */
export function payPage(world: World, brCode: string, done: string | null): { status: number; html: string } {
  const again = '<a class="button" href="/__sandbox/">Outro código</a>';
  try {
    const { name, city, amountBrlCentavos } = decodeBrCode(brCode.trim());
    const ticket = world.state.tickets.find((known) => known.brCode === brCode.trim());
    if (!ticket) return { status: 404, html: page("Pix desconhecido", `<h1>Pix desconhecido</h1><p>O código é válido, mas não é deste ambiente de teste.</p>${again}`) };
    const buttons = WAYS.map(([way, label]) => `<button name="way" value="${way}"${way === "exact" ? ' class="main"' : ""}>${label}</button>`).join("");
    return {
      status: 200,
      html: page("Pagar Pix", `<h1>Pagar Pix</h1>${done ? '<p role="status">Feito. Volte ao CocoPay.</p>' : ""}<div class="card"><p class="big">${escape(amountBrlCentavos === null ? "" : formatBrl(amountBrlCentavos, "pt-BR"))}</p>
<dl><dt>Para</dt><dd>${escape(name)}, ${escape(city)}</dd><dt>Situação</dt><dd data-testid="ticket-status">${STATUS[ticket.status]}</dd><dt>Vence</dt><dd>${escape(new Date(ticket.expiration).toLocaleTimeString("pt-BR"))}</dd></dl></div>
<form method="post" action="/__sandbox/pay"><input type="hidden" name="brcode" value="${escape(brCode.trim())}">${buttons}</form>${again}`),
    };
  } catch (error) {
    if (!(error instanceof BrCodeError)) throw error;
    return { status: 400, html: page("Código inválido", `<h1>Código inválido</h1><p>O banco não conseguiu ler este código (${error.problem}).</p>${again}`) };
  }
}

const PARTS: Record<KycPart, string> = { company: "Dados da empresa", representative: "Quem responde pela empresa" };
const VERDICTS: Record<Verdict, string> = { approve: "Feita", reject: "Recusada", wait: "Em análise" };
const situationOf = ({ status, result, parts }: Attempt, part: KycPart): string => {
  if (status === "COMPLETED") return result === "APPROVED" ? "Aprovada" : "Recusada";
  const own = parts?.[part];
  if (own) return VERDICTS[own];
  return status === "PROCESSING" ? "Em análise" : "Aguardando você";
};

/** A page of the provider's identity check: the person's, or one of a company's two. */
export const kycPage = (attempt: Attempt, part: KycPart, name: string) =>
  page("Verificação de identidade", `<h1>Verificação de identidade</h1><p>Faz o papel da página do provedor. De verdade, aqui você mostraria um documento e o rosto.</p>
<div class="card"><dl><dt>Nome</dt><dd>${escape(name)}</dd>${attempt.parts ? `<dt>Etapa</dt><dd>${PARTS[part]}</dd>` : ""}<dt>Situação</dt><dd>${situationOf(attempt, part)}</dd></dl></div>
<form method="post"><button class="main" name="verdict" value="approve">Aprovar</button><button name="verdict" value="reject">Recusar</button><button name="verdict" value="wait">Deixar em análise</button></form>`);
