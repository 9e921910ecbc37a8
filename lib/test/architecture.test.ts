import { getTableName, isTable } from "drizzle-orm";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import * as schema from "@/db/schema";
import { AREAS } from "@/lib/i18n/messages";

/** Who may import whom. The README states these in words; this file keeps them true. */
const RULES: { files: RegExp; mayNotImport: RegExp; because: string }[] = [
  { files: /^app\//, mayNotImport: /^db\/|^drizzle-orm|^postgres$/, because: "pages and actions ask lib" },
  { files: /^app\//, mayNotImport: /^lib\/(dev|test)\//, because: "pages know nothing of the local stack" },
  { files: /^components\//, mayNotImport: /^(app|db)\/|^lib\/(?!(errors|money|money-format|paths)$|i18n\/|chain\/chains$|[^/]+\/rules$)/, because: "components show what they are given" },
  { files: /^components\/ui\//, mayNotImport: /^components\/(?!ui\/)|^lib\/(?!money$|money-format$)/, because: "the look knows nothing of CocoPay" },
  { files: /^lib\//, mayNotImport: /^(app|components)\/|^lib\/action$/, because: "arrows point inward" },
  { files: /^lib\/(?!auth\/session\.ts$)/, mayNotImport: /^react(-dom)?$/, because: "lib has no React; only the session uses its cache" },
  { files: /^lib\/(?!dev\/|sandbox\/|test\/)/, mayNotImport: /^lib\/dev\//, because: "only the sandbox page reaches into the local stack" },
  { files: /^(?!lib\/test\/)/, mayNotImport: /^lib\/test\//, because: "nothing is built on the tests" },
  { files: /^db\//, mayNotImport: /^lib\/(?!(env|money|chain\/chains)$|[^/]+\/rules$)/, because: "tables know vocabulary, not use cases" },
  { files: /\/rules\.ts$/, mayNotImport: /^(?!lib\/(errors|money|chain\/chains)$|lib\/[^/]+\/rules$|zod$)/, because: "rules are pure" },
  { files: /^(?!lib\/(chain|dev|test)\/|components\/wallet\/)/, mayNotImport: /^(viem|wagmi)(\/|$)/, because: "chain code lives in lib/chain" },
  { files: /^(?!db\/|lib\/(jobs|worker)\/)/, mayNotImport: /^graphile-worker$/, because: "the queue has one door" },
];

/** A table has one writing domain. A second one stands here only with the reason why both write. */
const OWNERS: Record<string, RegExp> = {
  // Privacy anonymises the row and recovery names the backup; both are the person's own wish.
  users: /^lib\/(auth|privacy|recovery)\//,
  sessions: /^lib\/auth\//,
  passkeys: /^lib\/auth\//,
  sign_in_codes: /^lib\/auth\//,
  rate_limits: /^lib\/rate-limit\//,
  sandbox_messages: /^lib\/notifications\//,
  signing_keys: /^lib\/accounts\//,
  store_signing_keys: /^lib\/accounts\//,
  // An account is made by us and becomes deployed by the chain's word.
  smart_accounts: /^lib\/(accounts|follower)\//,
  store_accounts: /^lib\/(accounts|follower)\//,
  // The follower alone writes amounts; a new account brings its empty rows.
  token_balances: /^lib\/(follower|accounts)\//,
  store_token_balances: /^lib\/(follower|accounts)\//,
  balance_changes: /^lib\/follower\//,
  balance_reservations: /^lib\/follower\//,
  chain_cursors: /^lib\/follower\//,
  chain_blocks: /^lib\/follower\//,
  revnet_states: /^lib\/follower\//,
  // Rows are made by pay_reserve; the follower alone says what became of them.
  transactions: /^lib\/follower\//,
  // The outbox: pay_reserve and a store's deployment queue, operations sends, the follower settles.
  user_operations: /^lib\/(operations|follower|stores)\//,
  operator_transactions: /^lib\/operations\//,
  operator_calls: /^lib\/operations\//,
  // The sequence moves on in its own domain; that money left or arrived is the chain's word.
  consolidations: /^lib\/(consolidation|follower)\//,
  consolidation_steps: /^lib\/(consolidation|follower)\//,
  store_events: /^lib\/follower\//,
  // A store is opened by its owner and becomes deployed by the chain's word.
  stores: /^lib\/(stores|follower)\//,
  store_deployments: /^lib\/(stores|follower)\//,
  store_members: /^lib\/(stores|team)\//,
  store_codes: /^lib\/stores\//,
  store_logos: /^lib\/stores\//,
  code_checks: /^lib\/payments\//,
  exchange_rates: /^lib\/rates\//,
  // The follower writes its lines within the set statements that apply a block.
  audit_logs: /^lib\/(audit|follower)\//,
  audit_seals: /^lib\/audit\//,
  // Written by the trail's trigger (0027).
  store_audit_lines: /^lib\/audit\//,
  analytics_events: /^lib\/analytics\//,
  store_hourly_stats: /^lib\/analytics\//,
  store_hourly_items: /^lib\/analytics\//,
  store_customers: /^lib\/analytics\//,
  // Lines come from triggers (0025); the roll-up takes them away.
  store_stats_changes: /^lib\/analytics\//,
  feature_flags: /^lib\/flags\//,
  auth_challenges: /^lib\/auth\//,
  sign_in_attempts: /^lib\/auth\//,
  wallets: /^lib\/auth\//,
  step_up_waits: /^lib\/auth\//,
  phone_changes: /^lib\/auth\//,
  notices: /^lib\/notifications\//,
  outgoing_messages: /^lib\/notifications\//,
  account_owners: /^lib\/accounts\//,
  // A change is asked for by the person and done when the chain says so.
  owner_changes: /^lib\/(accounts|follower)\//,
  account_signers: /^lib\/follower\//,
  key_exports: /^lib\/accounts\//,
  backup_requests: /^lib\/recovery\//,
  recovery_claims: /^lib\/recovery\//,
  consents: /^lib\/privacy\//,
  guest_payments: /^lib\/(guests|follower)\//,
  // Rows come from the chain; the store asks for a refund.
  outside_payments: /^lib\/(guests|follower)\//,
  top_ups: /^lib\/topups\//,
  identity_checks: /^lib\/identity\//,
  webhook_inbox: /^lib\/topups\//,
  receive_codes: /^lib\/transfers\//,
  // What becomes of a send to a phone is written by its functions (0017).
  phone_sends: /^lib\/transfers\//,
  payment_requests: /^lib\/requests\//,
  incoming_transfers: /^lib\/follower\//,
  receipt_links: /^lib\/receipts\//,
  // Rows mirror the chain, whatever anybody intended.
  loans: /^lib\/follower\//,
  // The payment that takes a charge is written by its function (0020).
  charges: /^lib\/charges\//,
  store_invitations: /^lib\/team\//,
  store_pins: /^lib\/team\//,
  shared_tills: /^lib\/team\//,
  till_sittings: /^lib\/team\//,
  tills: /^lib\/(charges|team)\//,
  store_items: /^lib\/items\//,
  till_pix: /^lib\/tillpix\//,
  store_identities: /^lib\/store-identity\//,
  // Asked for by its function; what became of it is the chain's word.
  refunds: /^lib\/(refunds|follower)\//,
  // The owner asks by payout_reserve; the chain says that the dollars moved, the worker what the partner did.
  payouts: /^lib\/(payouts|follower)\//,
  payout_steps: /^lib\/(payouts|follower)\//,
  payout_destinations: /^lib\/payouts\//,
  payout_accounts: /^lib\/payouts\//,
  payout_receipts: /^lib\/payouts\//,
  payout_prices: /^lib\/payouts\//,
};
/** The local stack and the test set-up write sample and test rows. */
const MAKES_SAMPLES = /^lib\/(dev|test)\//;

const LINES_MAX = 400;
/** What makes a lib file server code, so that it must say so. */
const SERVER_ONLY = /^(db\/|node:|postgres$|pino$|next\/headers$|graphile-worker$|lib\/(env|log)$)/;
/** Run by Node itself, by next.config or in front of every page (proxy.ts), outside the server's module condition. */
const NOT_SERVER_ONLY = /^lib\/(env\.ts$|dev\/|test\/|auth\/(client-address|own-origin|socket-address)\.ts$)/;

const all = ["app", "components", "db", "lib"]
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => `${room}/${file}`))
  .filter((file) => /\.tsx?$/.test(file));
const files = all.filter((file) => !/\.test\.tsx?$|^lib\/test\//.test(file));
const textOf = (file: string) => readFileSync(file, "utf8");
/** Comments tell and do not import. */
const codeOf = (file: string) => textOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const importsOf = (file: string) =>
  [...codeOf(file).matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)].map(([, to = ""]) => (to.startsWith("@/") ? to.slice(2) : to.startsWith(".") ? normalize(join(dirname(file), to)) : to));

test("there is something to look at", () => {
  expect(files.length).toBeGreaterThan(150);
});

test.each(RULES)("$because", ({ files: scope, mayNotImport }) => {
  const broken = files.filter((file) => scope.test(file)).flatMap((file) => importsOf(file).filter((to) => mayNotImport.test(to)).map((to) => `${file} -> ${to}`));
  expect(broken).toEqual([]);
});

test("only app passes through the door for mutations", () => {
  const broken = files.filter((file) => !file.startsWith("app/")).filter((file) => importsOf(file).includes("lib/action"));
  expect(broken).toEqual([]);
});

const tables = new Map(Object.entries(schema).flatMap(([name, value]) => (isTable(value) ? [[name, getTableName(value)] as const] : [])));

test("every table has an owner", () => {
  expect([...tables.values()].toSorted()).toEqual(Object.keys(OWNERS).toSorted());
});

test("each table is written by its own domain", () => {
  const broken = files
    .filter((file) => !MAKES_SAMPLES.test(file))
    .flatMap((file) => {
      const code = codeOf(file);
      const byBuilder = [...code.matchAll(/\.(?:insert|update|delete)\(\s*(?:schema\.)?(\w+)\s*\)/g)].map(([, name = ""]) => tables.get(name));
      const bySql = [...code.matchAll(/\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?:public\.)?(\w+)/g)].map(([, name]) => name);
      return [...byBuilder, ...bySql].filter((table) => table !== undefined && table in OWNERS && !OWNERS[table]?.test(file)).map((table) => `${file} writes ${table}`);
    });
  expect(broken).toEqual([]);
});

test("server files say that they are", () => {
  const broken = files.filter((file) => file.startsWith("lib/") && !NOT_SERVER_ONLY.test(file) && importsOf(file).some((to) => SERVER_ONLY.test(to)) && !codeOf(file).trimStart().startsWith('import "server-only";'));
  expect(broken).toEqual([]);
});

test(`no file is longer than ${LINES_MAX} lines`, () => {
  const broken = all.map((file) => [file, textOf(file).split("\n").length] as const).filter(([, lines]) => lines > LINES_MAX);
  expect(broken).toEqual([]);
});

test("nothing prints but the commands of the local stack", () => {
  const broken = files.filter((file) => !/^lib\/dev\/|^db\/migrate\.ts$/.test(file) && /\bconsole\.\w+\(/.test(codeOf(file)));
  expect(broken).toEqual([]);
});

test("every file of texts is an area of the app", () => {
  const areas = readdirSync("lib/i18n/messages").filter((file) => file.endsWith(".ts") && !["index.ts", "crash.ts"].includes(file));
  expect(areas.map((file) => file.replace(/\.ts$/, "")).toSorted()).toEqual(Object.keys(AREAS).toSorted());
});
