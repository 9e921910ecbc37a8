import postgres from "postgres";

/** The people of a new local stack. Their phones end in 0001 to 0005 and belong to nobody. */
export const SAMPLE_PEOPLE = [
  { phone: "+5548999990001", name: "Marina Souza", role: "owner" },
  { phone: "+5548999990002", name: "João Vieira", role: "admin" },
  { phone: "+5548999990003", name: "Bia Ramos", role: "staff" },
  { phone: "+5548999990004", name: "Ana Lima", role: "customer" },
  { phone: "+5548999990005", name: "Pedro Costa", role: "customer" },
] as const;

/** The stores of a new local stack: all Marina's, with João as admin and Bia as staff. */
export const SAMPLE_STORES = [
  { formKey: "0192f0c0-0000-7000-8000-000000000001", name: "Café da Praia", symbol: "CAFE", category: "cafe", place: "Barra da Lagoa, Florianópolis", rewardRateBps: 500, latitude: -27.57398, longitude: -48.42293 },
  { formKey: "0192f0c0-0000-7000-8000-000000000002", name: "Padaria Sol", symbol: "SOL", category: "market", place: "Lagoa da Conceição, Florianópolis", rewardRateBps: 300, latitude: -27.60423, longitude: -48.46274 },
  { formKey: "0192f0c0-0000-7000-8000-000000000003", name: "Surf Shop Barra", symbol: "SURF", category: "sport", place: "Barra da Lagoa, Florianópolis", rewardRateBps: 1_000, latitude: -27.57512, longitude: -48.42478 },
  { formKey: "0192f0c0-0000-7000-8000-000000000004", name: "Feira da Lagoa", symbol: "FEIRA", category: "market", place: "Lagoa da Conceição, Florianópolis", rewardRateBps: 400, latitude: -27.60178, longitude: -48.46591 },
] as const;

/** What the customers get on each chain, and what they have paid when the stack is first ready. */
export const SAMPLE_DOLLARS = { "84532": 200_000_000n, "11155420": 50_000_000n } as const;
export const SAMPLE_PAYMENTS = [
  { payer: 3, store: 0, amountText: "38,50", key: "0192f0c0-0000-7000-8000-000000000011" },
  { payer: 4, store: 0, amountText: "12,00", key: "0192f0c0-0000-7000-8000-000000000012" },
  { payer: 3, store: 1, amountText: "9,90", key: "0192f0c0-0000-7000-8000-000000000013" },
  // Ana has rewards of three stores to spend at the fourth.
  { payer: 3, store: 0, amountText: "82,00", key: "0192f0c0-0000-7000-8000-000000000014" },
  { payer: 3, store: 1, amountText: "120,00", key: "0192f0c0-0000-7000-8000-000000000015" },
  { payer: 3, store: 2, amountText: "66,00", key: "0192f0c0-0000-7000-8000-000000000016" },
] as const;

export type SampleState = { stores: { name: string; shortCode: string }[]; isComplete: boolean };

/** How far the samples are: the stores with their codes, and whether stores are deployed and payments settled. */
export async function sampleState(databaseUrl: string, chains: number): Promise<SampleState> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const stores = await sql<{ name: string; shortCode: string; deployed: number }[]>`
      SELECT s.name, s.short_code AS "shortCode",
             (SELECT count(*)::int FROM store_deployments d WHERE d.store_id = s.id AND d.status = 'deployed') AS deployed
      FROM stores s JOIN store_members m ON m.store_id = s.id AND m.role = 'owner' JOIN users u ON u.id = m.user_id
      WHERE u.phone = ${SAMPLE_PEOPLE[0].phone} AND s.symbol IN ${sql(SAMPLE_STORES.map(({ symbol }) => symbol))}
      ORDER BY s.created_at`;
    const [paid] = await sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM transactions t JOIN users u ON u.id = t.from_user_id
      WHERE t.status = 'confirmed' AND u.phone IN ${sql(SAMPLE_PEOPLE.map(({ phone }) => phone))}`;
    const isComplete = stores.length === SAMPLE_STORES.length && stores.every(({ deployed }) => deployed === chains) && (paid?.count ?? 0) >= SAMPLE_PAYMENTS.length;
    return { stores: stores.map(({ name, shortCode }) => ({ name, shortCode })), isComplete };
  } finally {
    await sql.end();
  }
}
