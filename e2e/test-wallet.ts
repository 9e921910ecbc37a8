import { randomUUID } from "node:crypto";
import type { BrowserContext } from "@playwright/test";
import { createWalletClient, defineChain, hexToNumber, http, numberToHex, parseEther, type Address, type Hex, type TypedDataDefinition } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { ChainId } from "@/lib/chain/chains";
import { anvilClient, fundOperator } from "@/lib/dev/chain/anvil-client";
import { usdcFaucet } from "@/lib/dev/chain/usdc-faucet";
import { stackVariable } from "./fixtures";

export const LOCAL_CHAINS = ["84532", "11155420"] as const satisfies readonly ChainId[];

type Options = {
  /** As the list of found wallets shows it. */
  name?: string;
  privateKey?: Hex;
  /** Test dollars on each of `chains`. */
  dollars?: number;
  chains?: readonly ChainId[];
  /** The chain it stands on first. */
  chainId?: ChainId;
  /** Chains it knows; the page has to add the others (error 4902). */
  knows?: readonly ChainId[];
  /** Answers wallet_getCapabilities and wallet_sendCalls (EIP-5792). */
  canBatch?: boolean;
};

type Transaction = { from?: Address; to?: Address; data?: Hex; value?: Hex; gas?: Hex };
type Batch = { chainId: Hex; from?: Address; calls: { to?: Address; data?: Hex; value?: Hex }[] };

/** What EIP-1193 answers when it refuses. */
class ProviderError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the page's half must not be able to do by itself: it only carries questions and answers. */
type Answer = { result: unknown } | { error: { code: number; message: string } };

/**
 * A browser wallet as an extension brings it: an EIP-6963 provider in the page, its key here in the test, real signatures and real
 * transactions on the local chains. Install it before the page is opened; all tabs of the context share it.
 */
export class TestWallet {
  private key: Hex;
  private chainId: ChainId;
  private readonly known: Set<ChainId>;
  private readonly contexts: BrowserContext[] = [];
  private readonly batches = new Map<string, { chainId: ChainId; hashes: Hex[] }>();
  private readonly id = randomUUID();
  private isConnected = false;
  /** While true, whoever holds the wallet says no to everything that asks. */
  isRejecting = false;
  canBatch: boolean;
  /** Every method that was asked, in order. */
  readonly asked: string[] = [];
  /** Every text that it was asked to sign by personal_sign. */
  readonly texts: string[] = [];
  /** Hashes of everything it sent. */
  readonly sent: Hex[] = [];
  readonly name: string;

  constructor({ name = "Carteira de teste", privateKey = generatePrivateKey(), chainId = "84532", knows = LOCAL_CHAINS, canBatch = false }: Options) {
    this.name = name;
    this.key = privateKey;
    this.chainId = chainId;
    this.known = new Set([...knows, chainId]);
    this.canBatch = canBatch;
  }

  get account() {
    return privateKeyToAccount(this.key);
  }
  /** Lower case, as the database keeps it. */
  get address(): Address {
    return this.account.address.toLowerCase() as Address;
  }

  async install(context: BrowserContext) {
    this.contexts.push(context);
    await context.exposeBinding(`testWallet_${this.id.replaceAll("-", "")}`, (_source, method: string, params: unknown[]) => this.answer(method, params));
    await context.addInitScript(announceProvider, { binding: `testWallet_${this.id.replaceAll("-", "")}`, uuid: this.id, name: this.name, rdns: `test.cocopay.${this.id.slice(0, 8)}` });
  }

  /** The person picks another account in the wallet; pages hear it. */
  async changeAccount(privateKey: Hex = generatePrivateKey()) {
    this.key = privateKey;
    await this.emit("accountsChanged", this.isConnected ? [this.account.address] : []);
  }

  /** The person picks another network in the wallet; pages hear it. */
  async changeChain(chainId: ChainId) {
    this.known.add(chainId);
    this.chainId = chainId;
    await this.emit("chainChanged", numberToHex(Number(chainId)));
  }

  /** Ether for fees, and dollars when asked, on each of the chains. */
  async fund({ dollars = 0, chains = LOCAL_CHAINS }: Pick<Options, "dollars" | "chains"> = {}) {
    for (const chainId of chains) {
      const client = anvilClient(chainId, stackVariable(`RPC_URL_${chainId}`));
      await fundOperator(client, this.account.address, parseEther("10"));
      if (dollars > 0) await usdcFaucet({ client, chainId, to: this.account.address, amountUsdMicros: BigInt(dollars) * 1_000_000n });
    }
  }

  private async emit(event: string, value: unknown) {
    for (const page of this.contexts.flatMap((context) => context.pages())) {
      await page.evaluate(([name, detail]) => window.dispatchEvent(new CustomEvent(name as string, { detail })), [`test-wallet:${this.id}`, { event, value }] as const).catch(() => undefined);
    }
  }

  private async answer(method: string, params: unknown[]): Promise<Answer> {
    this.asked.push(method);
    try {
      return { result: await this.handle(method, params) };
    } catch (error) {
      const code = error instanceof ProviderError ? error.code : ((error as { code?: unknown }).code ?? -32603);
      return { error: { code: Number(code), message: error instanceof Error ? error.message.split("\n")[0]! : "failed" } };
    }
  }

  private agree() {
    if (this.isRejecting) throw new ProviderError(4001, "User rejected the request.");
  }
  private agreeAs(from: unknown) {
    if (!this.isConnected || String(from).toLowerCase() !== this.address) throw new ProviderError(4100, "This account is not connected.");
    this.agree();
  }

  private async handle(method: string, params: unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_chainId":
        return numberToHex(Number(this.chainId));
      case "net_version":
        return this.chainId;
      case "eth_accounts":
        return this.isConnected ? [this.account.address] : [];
      case "wallet_requestPermissions":
      case "eth_requestAccounts":
        this.agree();
        this.isConnected = true;
        return method === "eth_requestAccounts" ? [this.account.address] : [{ parentCapability: "eth_accounts", caveats: [{ type: "restrictReturnedAccounts", value: [this.account.address] }] }];
      case "wallet_revokePermissions":
        this.isConnected = false;
        return null;
      case "wallet_switchEthereumChain":
        return this.switchChain(chainIdOf(params));
      case "wallet_addEthereumChain": {
        this.agree();
        const added = chainIdOf(params);
        if (!isLocal(added)) throw new ProviderError(-32602, "This network has no node here.");
        this.known.add(added);
        return this.switchChain(added);
      }
      case "personal_sign": {
        const [message, from] = params as [Hex, Address];
        this.agreeAs(from);
        this.texts.push(Buffer.from(message.slice(2), "hex").toString("utf8"));
        return this.account.signMessage({ message: { raw: message } });
      }
      case "eth_signTypedData_v4": {
        const [from, json] = params as [Address, string];
        this.agreeAs(from);
        const data = JSON.parse(json) as TypedDataDefinition;
        const asked = (data.domain as { chainId?: string | number } | undefined)?.chainId;
        // As wallets do: a signature for a chain that the person does not see is refused.
        if (asked !== undefined && Number(asked) !== Number(this.chainId)) throw new ProviderError(-32603, `Provided chainId ${asked} must match the active chainId ${this.chainId}`);
        return this.account.signTypedData(data);
      }
      case "eth_sendTransaction": {
        const [transaction] = params as [Transaction];
        this.agreeAs(transaction.from);
        return this.send(this.chainId, transaction);
      }
      case "wallet_getCapabilities":
        this.mustBatch();
        return Object.fromEntries([...this.known].map((chainId) => [numberToHex(Number(chainId)), { atomic: { status: "supported" } }]));
      case "wallet_sendCalls": {
        this.mustBatch();
        const [batch] = params as [Batch];
        this.agreeAs(batch.from ?? this.address);
        const chainId = chainIdOf([batch]);
        if (!isLocal(chainId)) throw new ProviderError(5710, "Unsupported chain.");
        const hashes: Hex[] = [];
        // A key of its own cannot make one transaction of several calls; the page sees one confirmation and one answer all the same.
        for (const call of batch.calls) hashes.push(await this.send(chainId, call));
        const id = `0x${randomUUID().replaceAll("-", "")}`;
        this.batches.set(id, { chainId, hashes });
        return { id };
      }
      case "wallet_getCallsStatus":
        this.mustBatch();
        return this.batchStatus(params[0] as string);
      default:
        return anvilClient(this.chainId, stackVariable(`RPC_URL_${this.chainId}`)).request({ method, params } as never);
    }
  }

  private mustBatch() {
    if (!this.canBatch) throw new ProviderError(4200, "The wallet does not support this method.");
  }

  private async switchChain(chainId: string): Promise<null> {
    if (![...this.known].some((known) => known === chainId)) throw new ProviderError(4902, "Unrecognized chain ID.");
    if (chainId === this.chainId) return null;
    this.agree();
    await this.changeChain(chainId as ChainId);
    return null;
  }

  private async send(chainId: ChainId, { to, data, value, gas }: Transaction): Promise<Hex> {
    const url = stackVariable(`RPC_URL_${chainId}`);
    const chain = defineChain({ id: Number(chainId), name: chainId, nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: { default: { http: [url] } } });
    const client = createWalletClient({ account: this.account, chain, transport: http(url, { retryCount: 0 }) });
    const hash = await client.sendTransaction({ ...(to && { to }), ...(data && { data }), ...(value && { value: BigInt(value) }), ...(gas && { gas: BigInt(gas) }) });
    this.sent.push(hash);
    return hash;
  }

  private async batchStatus(id: string) {
    const batch = this.batches.get(id);
    if (!batch) throw new ProviderError(5730, "Unknown bundle id.");
    const client = anvilClient(batch.chainId, stackVariable(`RPC_URL_${batch.chainId}`));
    const receipts = await Promise.all(batch.hashes.map((hash) => receiptOf(client, hash)));
    const isMined = receipts.every((receipt) => receipt !== null);
    const isGood = receipts.every((receipt) => receipt?.status === "0x1");
    return { version: "2.0.0", id, chainId: numberToHex(Number(batch.chainId)), atomic: true, status: !isMined ? 100 : isGood ? 200 : 500, receipts: isMined ? receipts.slice(-1) : [] };
  }
}

/** A wallet with ether for fees on both chains, and dollars when asked. */
export async function newTestWallet(options: Options = {}): Promise<TestWallet> {
  const wallet = new TestWallet(options);
  await wallet.fund(options);
  return wallet;
}

/** As the node says it, which is the form that a wallet passes on; null until it is mined. */
const receiptOf = (client: ReturnType<typeof anvilClient>, hash: Hex) => client.request<{ Method: "eth_getTransactionReceipt"; Parameters: [Hex]; ReturnType: { status: Hex } | null }>({ method: "eth_getTransactionReceipt", params: [hash] });

const isLocal = (chainId: string): chainId is ChainId => LOCAL_CHAINS.some((local) => local === chainId);
const chainIdOf = (params: unknown): string => String(hexToNumber((params as [{ chainId: Hex }])[0].chainId));

/** Runs in the page, before its own scripts. */
function announceProvider({ binding, uuid, name, rdns }: { binding: string; uuid: string; name: string; rdns: string }) {
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const ask = (window as unknown as Record<string, (method: string, params: unknown[]) => Promise<Answer>>)[binding]!;
  const provider = {
    request: async ({ method, params = [] }: { method: string; params?: unknown[] }) => {
      const answer = await ask(method, params);
      if ("error" in answer) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
      return answer.result;
    },
    on: (event: string, listener: (value: unknown) => void) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return provider;
    },
    removeListener: (event: string, listener: (value: unknown) => void) => {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  window.addEventListener(`test-wallet:${uuid}`, (message) => {
    const { event, value } = (message as CustomEvent<{ event: string; value: unknown }>).detail;
    for (const listener of listeners.get(event) ?? []) listener(value);
  });
  const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%231d4ed8'/%3E%3C/svg%3E";
  const detail = Object.freeze({ info: Object.freeze({ uuid, name, icon, rdns }), provider });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}
