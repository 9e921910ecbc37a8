import { formatBrl } from "@/lib/money-format";
import { escape, page } from "./pages";
import type { Payout } from "./state";
import type { World } from "./world";

const STATUS: Record<Payout["status"], string> = { UNPAID: "Aguardando", PENDING: "Recebido", PROCESSING: "A caminho", "ON-HOLD": "Em análise", PAID: "Pago", FAILED: "Não foi pago", "PARTIAL-FAILED": "Devolvido" };
const SHOWN_MAX = 50;

function line(payout: Payout): string {
  const rows: [string, string][] = [
    ["Para", [payout.receiver.name, payout.receiver.maskedDocument].filter(Boolean).join(", ")],
    ["Chave ou conta", payout.pixKey || payout.receiver.bankName],
    ["Mensagem", payout.message],
    ["Identificador", payout.endToEndId],
    ["Devolução", payout.returnId],
    ["Motivo", payout.failureReason],
  ];
  const details = rows.filter(([, value]) => value).map(([label, value]) => `<dt>${label}</dt><dd>${escape(value)}</dd>`).join("");
  const release = payout.status === "ON-HOLD" ? `<form method="post" action="/__sandbox/statement"><input type="hidden" name="ticket" value="${escape(payout.id)}"><button>Liberar da análise</button></form>` : "";
  return `<div class="card" data-testid="payout"><p class="big">${escape(formatBrl(BigInt(payout.output), "pt-BR"))}</p><p>${STATUS[payout.status]}, ${escape(new Date(payout.createdAt).toLocaleString("pt-BR", { timeZone: "America/Sao_Paulo" }))}</p><dl>${details}</dl>${release}</div>`;
}

const KEYS = [
  ["falha@pix.test", "não é pago"],
  ["lento@pix.test", "demora um minuto"],
  ["retido@pix.test", "fica em análise até ser liberado"],
  ["devolvido@pix.test", "é pago e volta"],
  ["naoexiste@pix.test", "não é de ninguém"],
];

/** Every Pix that went out, as the receiving bank would list it. */
export const statementPage = (world: World) =>
  page("Extrato de teste", `<h1>Extrato de teste</h1><p>Os Pix que saíram das lojas. Nada daqui move dinheiro de verdade.</p><p><a href="/__sandbox/">Pagar um código</a></p>
<div class="card"><h2>Chaves que mudam o resultado</h2><dl>${KEYS.map(([key, what]) => `<dt>${what}</dt><dd>${key}</dd>`).join("")}</dl></div>
${world.state.payouts.length === 0 ? '<div class="card"><p>Nenhum Pix saiu ainda.</p></div>' : world.state.payouts.toReversed().slice(0, SHOWN_MAX).map(line).join("")}`);
