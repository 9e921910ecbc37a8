import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { concat, getCreate2Address, keccak256, type Address, type Hex } from "viem";
import type { ChainId } from "@/lib/chain/chains";
import type { Check, World } from "../check";
import { loadForm, pay, saidIn, sendForm } from "../pages";
import { assertPaidOnce, untilSettled } from "../payments";
import { newPerson, type Person } from "../people";
import { artifactOf, BUYBACK, CORE, deploymentOf, ENTRY_POINT_ADDRESS, type ChainReader } from "../reader";
import { CHAIN, OTHER_CHAIN } from "../stack";
import { pause, until } from "../until";

/** The largest uint48. */
const FOR_EVER = 281_474_976_710_655n;
const RESERVED_TOKENS = 1n;
const CREATE2_FACTORY: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
/** EntryPoint 0.8's salt, from its release notes. */
const ENTRY_POINT_SALT: Hex = "0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9";
const STOP_MS = 20_000;

type Deployment = { chainId: ChainId; status: string; projectId: number | null; token: string | null; account: string };

const deploymentsOf = ({ db }: World, storeId: string) => db<Deployment[]>`
  SELECT d.chain_id::text AS "chainId", d.status::text, d.project_id AS "projectId", d.token_address AS token, a.address AS account
  FROM store_deployments d JOIN store_accounts a ON a.store_id = d.store_id AND a.chain_id = d.chain_id WHERE d.store_id = ${storeId} ORDER BY d.chain_id::text`;

/** Opens a store by its form; answers it with the milliseconds from the tap to the QR's image. */
export async function open(world: World, owner: Person) {
  const origin = world.web[0];
  const form = await loadForm(`${origin}/stores/new`, owner, 'name="formKey"');
  const began = performance.now();
  const symbol = `F${Array.from({ length: 5 }, () => String.fromCharCode(65 + randomInt(26))).join("")}`;
  const answer = await sendForm(form, owner, { formKey: randomUUID(), name: `Loja ${symbol}`, symbol, category: "cafe", place: "Barra da Lagoa, Florianópolis", rewardRateBps: "500" });
  const storeId = /\/stores\/([0-9a-f-]{36})/.exec(answer.location ?? "")?.[1];
  assert(storeId, `opened (${answer.status}): ${saidIn(answer.html)} ${answer.html.length}`);
  const [row] = await world.db<{ shortCode: string }[]>`SELECT short_code AS "shortCode" FROM stores WHERE id = ${storeId}`;
  const shortCode = row?.shortCode ?? "";
  const qr = await fetch(`${origin}/api/qr/${shortCode}`, { headers: { cookie: owner.cookie } });
  assert.equal(qr.status, 200);
  await qr.arrayBuffer();
  return { storeId, shortCode, began, qrMs: Math.round(performance.now() - began) };
}

/** The chains' own word on a store: hook locked, the one split locked for ever and the store's, token at the same address. */
async function assertLocked(world: World, storeId: string) {
  const [controller, splits, tokens, registry] = [deploymentOf(CORE, "JBController"), deploymentOf(CORE, "JBSplits"), deploymentOf(CORE, "JBTokens"), deploymentOf(BUYBACK, "JBBuybackHookRegistry")];
  const deployments = await deploymentsOf(world, storeId);
  assert.deepEqual(deployments.map(({ chainId }) => chainId).toSorted(), [OTHER_CHAIN, CHAIN].toSorted());
  const seen: string[] = [];
  for (const { chainId, projectId, token, account } of deployments) {
    const { client } = chainId === CHAIN ? world.reader : world.otherReader;
    assert(projectId);
    const id = BigInt(projectId);
    assert.equal(await client.readContract({ ...registry, functionName: "hasLockedHook", args: [id] }), true, `hook locked on ${chainId}`);
    const [ruleset] = (await client.readContract({ ...controller, functionName: "currentRulesetOf", args: [id] })) as [{ id: number }, unknown];
    const list = (await client.readContract({ ...splits, functionName: "splitsOf", args: [id, BigInt(ruleset.id), RESERVED_TOKENS] })) as { percent: number; beneficiary: string; lockedUntil: number; hook: string }[];
    assert.deepEqual(list.map((split) => [split.percent, split.beneficiary.toLowerCase(), BigInt(split.lockedUntil)]), [[1_000_000_000, account, FOR_EVER]], `split of ${chainId}`);
    const address = (await client.readContract({ ...tokens, functionName: "tokenOf", args: [id] })) as string;
    assert.equal(address.toLowerCase(), token);
    seen.push(address.toLowerCase());
  }
  assert.equal(new Set(seen).size, 1, `one token address: ${seen.join(", ")}`);
  return seen[0] ?? "";
}

export const isDeployed = async (world: World, storeId: string, chains: readonly ChainId[]) =>
  (await deploymentsOf(world, storeId)).filter(({ status, chainId }) => status === "deployed" && chains.includes(chainId)).length === chains.length;

/** Its first stage has begun by the clocks of both chains and of the web processes, so that it takes payments and shows its splits. */
export async function untilStarted({ db }: World, storeId: string, readers: readonly ChainReader[]) {
  const [row] = await db<{ startsAt: Date }[]>`SELECT starts_at AS "startsAt" FROM stores WHERE id = ${storeId}`;
  const startsAt = Math.ceil((row?.startsAt.getTime() ?? 0) / 1000);
  const hasStarted = async ({ client }: ChainReader) => Number((await client.getBlock()).timestamp) >= startsAt;
  await until("the store has started", async () => Date.now() / 1000 >= startsAt && (await Promise.all(readers.map(hasStarted))).every(Boolean), 300_000, 250);
}

async function payIn(world: World, shortCode: string): Promise<number> {
  const payer = await newPerson(world, 10_000_000n);
  const id = await pay(world.web[1], payer, shortCode, "5,00");
  const ms = await untilSettled(world, [id]);
  await assertPaidOnce(world, new Map([[id, payer]]));
  return ms;
}

async function openOnBoth(world: World): Promise<string> {
  const { storeId, shortCode, began, qrMs } = await open(world, await newPerson(world));
  await until("it is deployed on both chains", () => isDeployed(world, storeId, [CHAIN, OTHER_CHAIN]), 120_000);
  const deployedMs = Math.round(performance.now() - began);
  await untilStarted(world, storeId, [world.reader, world.otherReader]);
  const token = await assertLocked(world, storeId);
  const startedMs = Math.round(performance.now() - began);
  const paidMs = await payIn(world, shortCode);
  return `QR after ${qrMs} ms, deployed on both chains after ${(deployedMs / 1000).toFixed(1)} s, started after ${(startedMs / 1000).toFixed(1)} s, paid in ${paidMs} ms; hook locked, split locked until 2^48-1, token ${token} on both`;
}

async function openWithOneStopped(world: World): Promise<string> {
  const owner = await newPerson(world);
  let opened: Awaited<ReturnType<typeof open>>;
  let firstMs: number;
  world.signal(`chain ${OTHER_CHAIN}`, "SIGSTOP");
  try {
    opened = await open(world, owner);
    firstMs = await until("it is deployed where a chain answers", () => isDeployed(world, opened.storeId, [CHAIN]), 120_000);
    await pause(STOP_MS);
    const other = (await deploymentsOf(world, opened.storeId)).find(({ chainId }) => chainId === OTHER_CHAIN);
    assert(other && other.status !== "failed" && other.status !== "deployed", `the silent chain's deployment waits: ${other?.status}`);
    await untilStarted(world, opened.storeId, [world.reader]);
    await payIn(world, opened.shortCode);
  } finally {
    world.signal(`chain ${OTHER_CHAIN}`, "SIGCONT");
  }
  const laterMs = await until("the other chain follows", () => isDeployed(world, opened.storeId, [CHAIN, OTHER_CHAIN]), 180_000);
  await untilStarted(world, opened.storeId, [world.otherReader]);
  const token = await assertLocked(world, opened.storeId);
  return `QR after ${opened.qrMs} ms, deployed and paid on the living chain after ${(firstMs / 1000).toFixed(1)} s; on the other ${(laterMs / 1000).toFixed(1)} s after it went on; same token ${token}, hook and split locked`;
}

/** Bytes of a runtime that its artifact leaves to the constructor (immutables) stand as 32 zero bytes behind PUSH32 there. */
function differencesOutsideImmutables(code: Hex, artifact: Hex): { outside: number; immutables: number } {
  const [live, built] = [Buffer.from(code.slice(2), "hex"), Buffer.from(artifact.slice(2), "hex")];
  const masked = new Set<number>();
  let immutables = 0;
  for (let at = 0; at < built.length; at += 1) {
    const opcode = built[at] ?? 0;
    if (opcode < 0x60 || opcode > 0x7f) continue;
    const width = opcode - 0x5f;
    if (width === 32 && built.subarray(at + 1, at + 33).every((byte) => byte === 0)) {
      immutables += 1;
      for (let offset = 1; offset <= 32; offset += 1) masked.add(at + offset);
    }
    at += width;
  }
  if (live.length !== built.length) return { outside: Math.abs(live.length - built.length), immutables };
  return { outside: live.filter((byte, at) => byte !== built[at] && !masked.has(at)).length, immutables };
}

async function bytecode(world: World): Promise<string> {
  const entryPoint = artifactOf("@account-abstraction/contracts/artifacts/EntryPoint.json");
  const terminal = deploymentOf(CORE, "JBMultiTerminal");
  assert.equal(getCreate2Address({ from: CREATE2_FACTORY, salt: ENTRY_POINT_SALT, bytecode: entryPoint.bytecode }), ENTRY_POINT_ADDRESS, "the artifact's creation code leads to the public address");
  const figures: string[] = [];
  for (const [chainId, { client }] of [[CHAIN, world.reader], [OTHER_CHAIN, world.otherReader]] as const) {
    for (const { name, address, artifact } of [
      { name: "EntryPoint", address: ENTRY_POINT_ADDRESS, artifact: entryPoint },
      { name: "JBMultiTerminal", address: terminal.address, artifact: terminal },
    ]) {
      const code = await client.getCode({ address });
      assert(code, `${name} is on ${chainId}`);
      const { outside, immutables } = differencesOutsideImmutables(code, artifact.deployedBytecode);
      assert.equal(outside, 0, `${name} on ${chainId} differs from its artifact`);
      figures.push(`${name} on ${chainId}: ${(code.length - 2) / 2} bytes equal but ${immutables} immutables (${keccak256(concat([code])).slice(0, 10)})`);
    }
  }
  return figures.join("; ");
}

export const storeChecks: Check[] = [
  { name: "stores: bytecode equals the packages' artifacts", run: bytecode },
  { name: "stores: a new person opens one, and it is paid", run: openOnBoth },
  { name: "stores: opened while one chain is silent", run: openWithOneStopped },
];
