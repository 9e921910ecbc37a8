import { BaseError, defineChain, http, InsufficientFundsError, type Chain } from "viem";
import { createConfig, ProviderNotFoundError, type Config, type Connector } from "wagmi";
import {
  connect, disconnect, getCapabilities, getClient, getConnection, reconnect, sendCalls, sendTransaction, signMessage, signTypedData, switchChain,
  waitForCallsStatus, waitForTransactionReceipt, watchConnection, watchConnectors,
} from "wagmi/actions";
import { baseAccount } from "wagmi/connectors/baseAccount";
import { injected } from "wagmi/connectors/injected";
import { walletConnect } from "wagmi/connectors/walletConnect";
import { CHAINS, chainName, type ChainId } from "@/lib/chain/chains";
import { WalletFailure, type ConnectedWallet, type Hex, type WalletActions, type WalletChoice, type WalletFailureCode, type WalletSetup, type WalletSnapshot } from "./wallet-types";

/** Loaded by the browser when a page with wallets is there, and never before: everything of wagmi and viem hangs on this file. */
export type WalletEngine = WalletActions & { subscribe: (listener: () => void) => () => void; snapshot: () => WalletSnapshot };

const POLL_MS = 1_000;
/** Wallets announce themselves at once; one that comes later appears later. */
const ANNOUNCE_MS = 150;
const CALLS_LIMIT_MS = 180_000;
/** Which wallet to come back to after a reload. It names a wallet, not an address. */
const KEPT = "cocopay.wallet";

const engines = new Map<string, WalletEngine>();

/** One engine for a page, however many rooms it has. */
export function walletEngine(setup: WalletSetup): WalletEngine {
  const key = JSON.stringify(setup);
  const engine = engines.get(key) ?? createEngine(setup);
  engines.set(key, engine);
  return engine;
}

function createEngine({ chains, walletConnectProjectId }: WalletSetup): WalletEngine {
  const known = chains.map(({ id, rpcUrl }) => chainOf(id, rpcUrl)) as [Chain, ...Chain[]];
  const config = createConfig({
    chains: known,
    transports: Object.fromEntries(known.map((chain) => [chain.id, http(chain.rpcUrls.default.http[0])])),
    pollingInterval: POLL_MS,
    // What is kept of a connection is one word (KEPT): addresses do not lie around in the browser.
    storage: null,
    connectors: [
      injected(),
      baseAccount({ appName: "CocoPay", appLogoUrl: `${location.origin}/icon-192.png`, preference: { telemetry: false } }),
      ...(walletConnectProjectId
        ? [
            walletConnect({
              projectId: walletConnectProjectId,
              metadata: { name: "CocoPay", description: "CocoPay", url: location.origin, icons: [`${location.origin}/icon-192.png`] },
              // We draw the code ourselves (WalletList): the modal would bring another design, its fonts and its hosts.
              showQrModal: false,
              isNewChainsStale: false,
            }),
          ]
        : []),
    ],
  });

  const listeners = new Set<() => void>();
  let current: WalletSnapshot = { status: "loading", choices: [], connected: null, pairingUri: null };
  const tell = (change: Partial<WalletSnapshot>) => {
    current = { ...current, ...change };
    for (const listener of listeners) listener();
  };
  const refresh = () => tell({ choices: choicesOf(config), connected: connectedOf(config) });
  watchConnection(config, { onChange: refresh });
  watchConnectors(config, { onChange: refresh });
  void comeBack(config).finally(() => {
    refresh();
    tell({ status: "ready" });
  });

  const chainNumber = (chainId: ChainId) => {
    if (!chains.some(({ id }) => id === chainId)) throw new WalletFailure("wrong_chain");
    return Number(chainId);
  };
  const switchTo = async (chainId: ChainId) => {
    if (connectedOf(config)?.chainId === chainId) return;
    await guard(() => switchChain(config, { chainId: chainNumber(chainId) }), "wrong_chain");
  };

  return {
    snapshot: () => current,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    connect: async (choiceId) => {
      const connector = config.connectors.find(({ id }) => id === choiceId);
      if (!connector) throw new WalletFailure("no_wallet");
      const already = connectedOf(config);
      if (already?.choiceId === choiceId) return already;
      if (already) await disconnect(config).catch(() => undefined);
      const showCode = ({ type, data }: { type: string; data?: unknown }) => {
        if (type === "display_uri") tell({ pairingUri: String(data) });
      };
      connector.emitter.on("message", showCode);
      try {
        await guard(() => connect(config, { connector }));
      } finally {
        connector.emitter.off("message", showCode);
        tell({ pairingUri: null });
      }
      localStorage.setItem(KEPT, choiceId);
      const connected = connectedOf(config);
      if (!connected) throw new WalletFailure("failed");
      return connected;
    },
    disconnect: async () => {
      localStorage.removeItem(KEPT);
      await disconnect(config).catch(() => undefined);
    },
    switchTo,
    signMessage: (message) => guard(() => signMessage(config, { message })),
    signTypedData: (data) => guard(() => signTypedData(config, data as Parameters<typeof signTypedData>[1])),
    sendTransaction: async (chainId, call) => {
      await switchTo(chainId);
      return guard(() => sendTransaction(config, { ...call, chainId: chainNumber(chainId) }));
    },
    canBatch: async (chainId) => {
      try {
        const { atomic } = (await getCapabilities(config, { chainId: chainNumber(chainId) })) as { atomic?: { status?: string } };
        return atomic?.status === "supported" || atomic?.status === "ready";
      } catch {
        // A wallet that does not know the question makes one call at a time.
        return false;
      }
    },
    sendCalls: async (chainId, calls) => {
      await switchTo(chainId);
      const { id } = await guard(() => sendCalls(config, { calls, chainId: chainNumber(chainId), forceAtomic: true }));
      const { status, receipts } = await guard(() => waitForCallsStatus(config, { id, timeout: CALLS_LIMIT_MS, pollingInterval: POLL_MS }));
      const last = receipts?.at(-1);
      if (status !== "success" || !last) throw new WalletFailure("reverted");
      return last.transactionHash;
    },
    waitForTransaction: async (chainId, hash) => {
      const receipt = await guard(() => waitForTransactionReceipt(config, { hash, chainId: chainNumber(chainId) }));
      return { hash: receipt.transactionHash, isGood: receipt.status === "success" };
    },
    read: (chainId, call) => guard(() => getClient(config, { chainId: chainNumber(chainId) })!.request({ method: "eth_call", params: [call, "latest"] })),
  };
}

const chainOf = (id: ChainId, rpcUrl: string): Chain =>
  defineChain({
    id: Number(id),
    name: chainName(id),
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
    blockExplorers: { default: { name: chainName(id), url: CHAINS[id].explorer } },
    testnet: CHAINS[id].kind === "testnet",
  });

/** Goes back to the wallet of before a reload, when it still agrees; it is asked nothing that it would show. */
async function comeBack(config: Config) {
  await new Promise((resolve) => setTimeout(resolve, ANNOUNCE_MS));
  const connector = config.connectors.find(({ id }) => id === localStorage.getItem(KEPT));
  if (connector) await reconnect(config, { connectors: [connector] });
}

const kindOf = ({ type }: Connector): WalletChoice["kind"] => (type === "baseAccount" ? "base" : type === "walletConnect" ? "walletconnect" : "found");

function choicesOf({ connectors }: Config): WalletChoice[] {
  const announced = connectors.filter((connector) => connector.type === "injected" && connector.id !== "injected");
  // The nameless provider of older wallets counts only where no wallet announced itself: it is usually one of those.
  const isShown = ({ id }: Connector) => id !== "injected" || (announced.length === 0 && "ethereum" in window);
  return connectors.filter(isShown).map((connector) => ({ id: connector.id, name: connector.name, icon: dataUri(connector.icon), kind: kindOf(connector) }));
}

/** Only a picture that travels with its name: any other address would tell a stranger that somebody is here. */
const dataUri = (icon: string | undefined): string | null => (icon?.trim().startsWith("data:image/") ? icon.trim() : null);

function connectedOf(config: Config): ConnectedWallet | null {
  const { address, chainId, connector, status } = getConnection(config);
  if (status !== "connected" || !address) return null;
  return { choiceId: connector.id, name: connector.name, address: address.toLowerCase() as Hex, chainId: String(chainId) };
}

/** Every failure in our words. `otherwise` is what an unknown failure of this step means. */
async function guard<T>(run: () => Promise<T>, otherwise: WalletFailureCode = "failed"): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof WalletFailure) throw error;
    throw new WalletFailure(failureOf(error) ?? otherwise, error);
  }
}

const CODES: Record<number, WalletFailureCode> = { 4001: "rejected", 5720: "busy", [-32002]: "busy", 4902: "wrong_chain", 5710: "wrong_chain" };
const NAMES: Record<string, WalletFailureCode> = { ConnectorChainMismatchError: "wrong_chain", ChainMismatchError: "wrong_chain", ConnectorNotConnectedError: "no_wallet", ConnectorUnavailableReconnectingError: "busy" };

function failureOf(error: unknown): WalletFailureCode | undefined {
  if (error instanceof ProviderNotFoundError) return "no_wallet";
  if (error instanceof BaseError && error.walk((inner) => inner instanceof InsufficientFundsError)) return "no_fee";
  for (let inner = error as { code?: unknown; name?: unknown; message?: unknown; cause?: unknown } | undefined, depth = 0; inner && depth < 8; inner = inner.cause as typeof inner, depth += 1) {
    const code = CODES[Number(inner.code)] ?? NAMES[String(inner.name)];
    if (code) return code;
    const message = String(inner.message);
    if (/user (rejected|denied|closed)|rejected by user|connection request reset/i.test(message)) return "rejected";
    if (/insufficient funds/i.test(message)) return "no_fee";
    if (/popup/i.test(message)) return "popup_blocked";
  }
  return undefined;
}
