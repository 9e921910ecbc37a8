import { getContractAddress, getCreate2Address, zeroHash, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestChain, type TestChain } from "@/lib/dev/chain/test-chain";
import { newId } from "@/lib/ids";
import { accountFactoryAbi } from "./abis";
import { accountSalt, encodeExecute, predictAccountAddress } from "./account";
import { ACCOUNT_FACTORY, ACCOUNT_IMPLEMENTATION, CREATE2_PROXY } from "./addresses";
import artifacts from "./contracts/artifacts.json";
import { generateKey } from "./keys";

describe("addresses of accounts", () => {
  let chain: TestChain;
  beforeAll(async () => {
    chain = await startTestChain({ chainId: "11155420" });
  });
  afterAll(() => chain.stop());

  test("the factory and its implementation stand where the artifact puts them", async () => {
    const factory = getCreate2Address({ from: CREATE2_PROXY, salt: zeroHash, bytecode: artifacts.contracts.CocoAccountFactory.bytecode as Hex });
    expect(factory.toLowerCase()).toBe(ACCOUNT_FACTORY);
    expect(getContractAddress({ from: factory, nonce: 1n }).toLowerCase()).toBe(ACCOUNT_IMPLEMENTATION);
    const onChain = await chain.client.readContract({ address: ACCOUNT_FACTORY, abi: accountFactoryAbi, functionName: "implementation" });
    expect(onChain.toLowerCase()).toBe(ACCOUNT_IMPLEMENTATION);
  });

  test("are what the factory says, without asking it", async () => {
    for (let round = 0; round < 5; round++) {
      const origin = { initialOwner: generateKey().address, salt: accountSalt(newId()) };
      const onChain = await chain.client.readContract({ address: ACCOUNT_FACTORY, abi: accountFactoryAbi, functionName: "getAddress", args: [[origin.initialOwner], origin.salt] });
      expect(predictAccountAddress(origin)).toBe(onChain.toLowerCase());
    }
  });

  test("another first signer or another holder has another address", () => {
    const salt = accountSalt("01890000-0000-7000-8000-000000000001");
    const owner = generateKey().address;
    expect(accountSalt("01890000-0000-7000-8000-00000000000A")).toBe(accountSalt("01890000-0000-7000-8000-00000000000a"));
    expect(predictAccountAddress({ initialOwner: owner, salt })).not.toBe(predictAccountAddress({ initialOwner: generateKey().address, salt }));
    expect(predictAccountAddress({ initialOwner: owner, salt })).not.toBe(predictAccountAddress({ initialOwner: owner, salt: accountSalt(newId()) }));
  });
});

test("a batch is ERC-7821's: one mode, then targets, values and data", () => {
  const data = encodeExecute([{ to: "0x1111111111111111111111111111111111111111", data: "0xabcd" }]);
  expect(data.slice(0, 10)).toBe("0xe9ae5c53");
  expect(data.slice(10, 74)).toBe(`01${"0".repeat(62)}`);
  expect(data).toContain("abcd");
});
