import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newStore, startAveniaPayoutWorld, startStarkPayoutWorld, type PayoutWorld } from "@/lib/test/payout-worlds";
import { ProviderError, type ProviderAccount, type ProviderTicket } from "../provider";
import type { ProviderDestination } from "../rules";

const DOLLARS = 100_000_000n;
const E2E = /^E[0-9A-Za-z]{8}\d{12}[0-9A-Za-z]{11}$/;
const pix = (pixKey: string): ProviderDestination => ({ kind: "pix", pixKey });
const ANA = pix("ana@padaria.com.br");
const BANK: ProviderDestination = { kind: "bank", holderName: "Ana Lima", document: "52998224725", bankCode: "341", branch: "0001", account: "12345-6", accountType: "checking" };

const WORLDS: [string, () => Promise<PayoutWorld>][] = [
  ["avenia", () => startAveniaPayoutWorld()],
  ["starkbank", () => startStarkPayoutWorld()],
];

describe.each(WORLDS)("%s", (_name, start) => {
  let world: PayoutWorld;
  beforeAll(async () => {
    world = await start();
  });
  afterEach(async () => {
    const { isConserved } = await world.ledger();
    if (!isConserved) throw new Error("money was lost or made");
  });
  afterAll(() => world.stop());

  async function funded(amountUsdMicros = DOLLARS): Promise<ProviderAccount> {
    const account = await world.openAccount();
    const txHash = await world.credit(account.accountId, amountUsdMicros);
    await expect.poll(() => world.provider.isCredited(account.accountId, { txHash, amountUsdMicros })).toBe(true);
    return account;
  }
  const quote = (accountId: string, amountUsdMicros = DOLLARS) => world.provider.quote(accountId, { amountUsdMicros, isThirdParty: false });
  async function submit(accountId: string, destination: ProviderDestination, { payoutId = randomUUID(), amountUsdMicros = DOLLARS } = {}) {
    const { token } = await quote(accountId, amountUsdMicros);
    return world.provider.submit(accountId, { payoutId, quoteToken: token, destination, message: "CocoPay" });
  }
  const stateOf = async (accountId: string, { ticketId }: ProviderTicket) => (await world.provider.read(accountId, ticketId)).state;
  const until = (accountId: string, ticket: ProviderTicket, state: ProviderTicket["state"]) => expect.poll(() => stateOf(accountId, ticket), { timeout: 10_000 }).toBe(state);

  test("a store has one account for good, known by its id", async () => {
    const store = newStore();
    const [first, second] = await Promise.all([world.provider.openAccount(store), world.provider.openAccount(store)]);
    expect(second.accountId).toBe(first.accountId);
    expect(first.depositAddress).toMatch(/^0x[0-9a-f]{40}$/);
    expect((await world.provider.openAccount({ ...store, name: "Outro nome", legalName: null, cnpj: null })).accountId).toBe(first.accountId);
    expect((await world.provider.openAccount(newStore())).accountId).not.toBe(first.accountId);
  });

  test("dollars to a Pix: price, ticket, identifier, receipt", async () => {
    const { accountId } = await funded();
    const price = await quote(accountId);
    expect(price.inputUsdMicros).toBe(DOLLARS);
    // What goes in at the rate, less the fees in reais, is what comes out.
    const fees = price.fees.filter(({ currency }) => currency === "BRL").reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    expect((DOLLARS * price.brlPerUsdMicros) / 10_000_000_000n - fees).toBe(price.outputBrlCentavos);
    expect(price.expiresAt.getTime()).toBeGreaterThan(Date.now());
    expect(price.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 15_000);

    const payoutId = randomUUID();
    const ticket = await world.provider.submit(accountId, { payoutId, quoteToken: price.token, destination: ANA, message: "CocoPay" });
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(0n);
    await until(accountId, ticket, "paid");
    const done = await world.provider.find(accountId, payoutId);
    expect(done).toMatchObject({ ticketId: ticket.ticketId, state: "paid", reason: null });
    expect(done?.endToEndId).toMatch(E2E);
    const receipt = await world.provider.receiptPdf(accountId, ticket.ticketId);
    expect(Buffer.from(receipt ?? []).subarray(0, 5).toString()).toBe("%PDF-");
    expect((await world.ledger()).payouts.filter(({ externalId }) => externalId === payoutId)).toMatchObject([{ outputBrlCentavos: price.outputBrlCentavos.toString() }]);
  });

  test("a bank account is paid too, whatever the alphabet of its holder, and twice to the same one", async () => {
    const { accountId } = await funded(2n * DOLLARS);
    const [first, second] = [await submit(accountId, BANK), await submit(accountId, { ...BANK, holderName: "Ана Лима" })];
    for (const ticket of [first, second]) await until(accountId, ticket, "paid");
    expect(await world.provider.receiptPdf(accountId, second.ticketId)).not.toBeNull();
    await world.credit(accountId, DOLLARS);
    await until(accountId, await submit(accountId, BANK), "paid");
  });

  test("a key that nobody has is null, a holder is masked", async () => {
    const { accountId } = await world.openAccount();
    expect(await world.provider.lookUpKey(accountId, "naoexiste@pix.test")).toBeNull();
    const holder = await world.provider.lookUpKey(accountId, "52998224725");
    expect(holder).toMatchObject({ maskedDocument: "***.982.247-**" });
    expect(holder?.name).toMatch(/\S/);
    expect(await world.provider.lookUpKey(accountId, "52998224725")).toEqual(holder);
    await expect(world.provider.lookUpKey(accountId, "not a key")).rejects.toMatchObject({ failure: "refused" });
  });

  test("falha@ fails and gives the dollars back", async () => {
    const { accountId } = await funded();
    const ticket = await submit(accountId, pix("falha@pix.test"));
    await until(accountId, ticket, "failed");
    expect(await world.provider.read(accountId, ticket.ticketId)).toMatchObject({ endToEndId: null, reason: expect.stringMatching(/./) as string });
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(DOLLARS);
    expect(await world.provider.receiptPdf(accountId, ticket.ticketId)).toBeNull();
  });

  test("devolvido@ is paid and comes back", async () => {
    const { accountId } = await funded();
    await world.byHand(true);
    const ticket = await submit(accountId, pix("devolvido@pix.test"));
    for (let step = 0; step < 5 && (await stateOf(accountId, ticket)) !== "paid"; step += 1) await world.advance(ticket.ticketId);
    const paid = await world.provider.read(accountId, ticket.ticketId);
    expect(paid).toMatchObject({ state: "paid" });
    await world.advance(ticket.ticketId);
    await world.byHand(false);
    expect(await world.provider.read(accountId, ticket.ticketId)).toMatchObject({ state: "returned", endToEndId: paid.endToEndId });
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(DOLLARS);
  });

  test("retido@ is held until somebody lets it go", async () => {
    const { accountId } = await funded();
    const ticket = await submit(accountId, pix("retido@pix.test"));
    await until(accountId, ticket, world.heldAs);
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(0n);
    await world.advance(ticket.ticketId);
    await until(accountId, ticket, "paid");
  });

  test.each([
    ["failing", "failed"],
    ["returning", "returned"],
  ] as const)("the %s amount ends as %s, whoever gets it", async (magic, state) => {
    const amountUsdMicros = world.magic[magic];
    const { accountId } = await funded(amountUsdMicros);
    await until(accountId, await submit(accountId, ANA, { amountUsdMicros }), state);
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(amountUsdMicros);
  });

  test("a lost answer leaves one payout, found by our own id", async () => {
    const { accountId } = await funded();
    const payoutId = randomUUID();
    await world.fault("submit", "timeout-after-accept");
    await expect(submit(accountId, ANA, { payoutId })).rejects.toMatchObject({ failure: "uncertain" });
    const found = await world.provider.find(accountId, payoutId);
    expect(found).not.toBeNull();
    expect((await world.ledger()).payouts.filter(({ externalId }) => externalId === payoutId)).toHaveLength(1);
    expect(await world.provider.find(accountId, randomUUID())).toBeNull();
  });

  test.each([
    ["500", "uncertain"],
    ["401", "busy"],
    ["429", "busy"],
  ] as const)("HTTP %s to a submit is %s, and nothing was paid", async (kind, failure) => {
    const { accountId } = await funded();
    const payoutId = randomUUID();
    await world.fault("submit", kind);
    await expect(submit(accountId, ANA, { payoutId })).rejects.toMatchObject({ failure, name: "ProviderError" });
    expect(await world.provider.find(accountId, payoutId)).toBeNull();
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(DOLLARS);
  });

  test("a price is one payout's, of its own account, and holds for what the account has", async () => {
    const [{ accountId }, other] = [await funded(), await funded()];
    const { token } = await quote(accountId);
    const input = { quoteToken: token, destination: ANA, message: "" };
    await expect(world.provider.submit(other.accountId, { ...input, payoutId: randomUUID() })).rejects.toMatchObject({ failure: "refused" });
    await world.provider.submit(accountId, { ...input, payoutId: randomUUID() });
    await expect(world.provider.submit(accountId, { ...input, payoutId: randomUUID() })).rejects.toBeInstanceOf(ProviderError);
    await expect(submit(accountId, ANA)).rejects.toMatchObject({ failure: "refused" });
    await expect(world.provider.submit(accountId, { ...input, quoteToken: `${token}x`, payoutId: randomUUID() })).rejects.toMatchObject({ failure: "expired" });
  });

  test("an unknown ticket is refused", async () => {
    const { accountId } = await funded();
    await expect(world.provider.read(accountId, randomUUID())).rejects.toMatchObject({ failure: "refused" });
  });

  test("fifty payouts at once with faults in between: each is paid once or not at all, and every cent is somewhere", async () => {
    const COUNT = 50;
    const { accountId } = await funded(BigInt(COUNT) * DOLLARS);
    for (const [kind, times] of [["timeout-after-accept", 8], ["500", 8], ["429", 8]] as const) await world.fault("submit", kind, times);
    const ids = Array.from({ length: COUNT }, () => randomUUID());
    const keys = ["ana@padaria.com.br", "52998224725", "falha@pix.test", "+5548998765432", "devolvido@pix.test"];
    const watching = { isOn: true };
    const watch = (async () => {
      while (watching.isOn) expect((await world.ledger()).isConserved).toBe(true);
    })();
    await Promise.all(
      ids.map(async (payoutId, index) => {
        for (let attempt = 0; attempt < 20; attempt += 1) {
          try {
            return await submit(accountId, pix(keys[index % keys.length] ?? ""), { payoutId });
          } catch (error) {
            if (!(error instanceof ProviderError)) throw error;
            if (error.failure === "uncertain" && (await world.provider.find(accountId, payoutId))) return;
          }
        }
        throw new Error("never taken");
      }),
    );
    const open = async () => (await Promise.all(ids.map((id) => world.provider.find(accountId, id)))).filter((ticket) => !ticket || ticket.state === "processing").length;
    await expect.poll(open, { timeout: 30_000 }).toBe(0);
    const states = async () => (await Promise.all(ids.map((id) => world.provider.find(accountId, id)))).map((ticket) => ticket?.state);
    await expect.poll(async () => (await states()).filter((state) => state === "returned").length).toBe(10);
    watching.isOn = false;
    await watch;
    const { payouts } = await world.ledger();
    const ours = payouts.filter(({ externalId }) => ids.some((id) => id === externalId));
    expect(ours).toHaveLength(COUNT);
    expect((await states()).toSorted()).toEqual([...Array.from({ length: 10 }, () => "failed"), ...Array.from({ length: 30 }, () => "paid"), ...Array.from({ length: 10 }, () => "returned")]);
    expect(await world.provider.balanceUsdMicros(accountId)).toBe(20n * DOLLARS);
  });
});
