import { parseAbi } from "viem";

/**
 * What CocoPay calls and follows, by hand and nothing more. abis.test.ts holds every line against the ABIs in the
 * contracts' npm packages (same selector, same topic, same outputs).
 */
export const erc20Abi = parseAbi([
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 value) returns (bool)",
  "function transfer(address to, uint256 value) returns (bool)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "event Approval(address indexed owner, address indexed spender, uint256 value)",
]);

/** What an account can leave behind at tokens of ERC-721 and ERC-1155. */
export const nftAbi = parseAbi([
  "function getApproved(uint256 tokenId) view returns (address operator)",
  "function approve(address to, uint256 tokenId)",
  "function isApprovedForAll(address owner, address operator) view returns (bool)",
  "function setApprovalForAll(address operator, bool approved)",
  "event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)",
  "event ApprovalForAll(address indexed owner, address indexed operator, bool approved)",
]);

export const permissionsAbi = parseAbi([
  "struct JBPermissionsData { address operator; uint64 projectId; uint8[] permissionIds; }",
  "function permissionsOf(address operator, address account, uint256 projectId) view returns (uint256)",
  "function setPermissionsFor(address account, JBPermissionsData permissionsData)",
  "event OperatorPermissionsSet(address indexed operator, address indexed account, uint256 indexed projectId, uint8[] permissionIds, uint256 packed, address caller)",
]);

/** Uniswap's Permit2, whose allowances stand beside the tokens' own. */
export const permit2Abi = parseAbi([
  "function allowance(address owner, address token, address spender) view returns (uint160 amount, uint48 expiration, uint48 nonce)",
  "function approve(address token, address spender, uint160 amount, uint48 expiration)",
  "event Approval(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration)",
  "event Permit(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration, uint48 nonce)",
]);

export const multiTerminalAbi = parseAbi([
  "function pay(uint256 projectId, address token, uint256 amount, address beneficiary, uint256 minReturnedTokens, string memo, bytes metadata) payable returns (uint256 beneficiaryTokenCount)",
  "function cashOutTokensOf(address holder, uint256 projectId, uint256 cashOutCount, address tokenToReclaim, uint256 minTokensReclaimed, address beneficiary, bytes metadata) returns (uint256 reclaimAmount)",
  "event Pay(uint256 indexed rulesetId, uint256 indexed rulesetCycleNumber, uint256 indexed projectId, address payer, address beneficiary, uint256 amount, uint256 newlyIssuedTokenCount, string memo, bytes metadata, address caller)",
]);

export const controllerAbi = parseAbi([
  "struct JBRuleset { uint48 cycleNumber; uint48 id; uint48 basedOnId; uint48 start; uint32 duration; uint112 weight; uint32 weightCutPercent; address approvalHook; uint256 metadata; }",
  "struct JBRulesetMetadata { uint16 reservedPercent; uint16 cashOutTaxRate; uint32 baseCurrency; bool pausePay; bool pauseCreditTransfers; bool allowOwnerMinting; bool allowSetCustomToken; bool allowTerminalMigration; bool allowSetTerminals; bool allowSetController; bool allowAddAccountingContext; bool allowAddPriceFeed; bool ownerMustSendPayouts; bool holdFees; bool useTotalSurplusForCashOuts; bool useDataHookForPay; bool useDataHookForCashOut; address dataHook; uint16 metadata; }",
  "function sendReservedTokensToSplitsOf(uint256 projectId) returns (uint256)",
  "function pendingReservedTokenBalanceOf(uint256 projectId) view returns (uint256)",
  "function totalTokenSupplyWithReservedTokensOf(uint256 projectId) view returns (uint256)",
  "function currentRulesetOf(uint256 projectId) view returns (JBRuleset ruleset, JBRulesetMetadata metadata)",
  "event SendReservedTokensToSplits(uint256 indexed rulesetId, uint256 indexed rulesetCycleNumber, uint256 indexed projectId, address owner, uint256 tokenCount, uint256 leftoverAmount, address caller)",
]);

export const tokensAbi = parseAbi(["function tokenOf(uint256 projectId) view returns (address)"]);

export const projectsAbi = parseAbi([
  "function count() view returns (uint256)",
  "function ownerOf(uint256 tokenId) view returns (address)",
]);

export const directoryAbi = parseAbi([
  "function controllerOf(uint256 projectId) view returns (address)",
  "function primaryTerminalOf(uint256 projectId, address token) view returns (address)",
]);

export const splitsAbi = parseAbi([
  "struct JBSplit { uint32 percent; uint64 projectId; address beneficiary; bool preferAddToBalance; uint48 lockedUntil; address hook; }",
  "function splitsOf(uint256 projectId, uint256 rulesetId, uint256 groupId) view returns (JBSplit[] splits)",
]);

export const terminalStoreAbi = parseAbi([
  "function balanceOf(address terminal, uint256 projectId, address token) view returns (uint256)",
]);

export const revDeployerAbi = parseAbi([
  "struct JBSplit { uint32 percent; uint64 projectId; address beneficiary; bool preferAddToBalance; uint48 lockedUntil; address hook; }",
  "struct REVDescription { string name; string ticker; string uri; bytes32 salt; }",
  "struct REVAutoIssuance { uint32 chainId; uint104 count; address beneficiary; }",
  "struct REVStageConfig { uint48 startsAtOrAfter; REVAutoIssuance[] autoIssuances; uint16 splitPercent; JBSplit[] splits; uint112 initialIssuance; uint32 issuanceCutFrequency; uint32 issuanceCutPercent; uint16 cashOutTaxRate; uint16 extraMetadata; }",
  "struct REVLoanSource { address token; address terminal; }",
  "struct REVConfig { REVDescription description; uint32 baseCurrency; address splitOperator; REVStageConfig[] stageConfigurations; REVLoanSource[] loanSources; address loans; }",
  "struct JBAccountingContext { address token; uint8 decimals; uint32 currency; }",
  "struct JBTerminalConfig { address terminal; JBAccountingContext[] accountingContextsToAccept; }",
  "struct REVBuybackPoolConfig { address token; uint24 fee; uint32 twapWindow; }",
  "struct REVBuybackHookConfig { address dataHook; address hookToConfigure; REVBuybackPoolConfig[] poolConfigurations; }",
  "struct JBTokenMapping { address localToken; uint32 minGas; address remoteToken; uint256 minBridgeAmount; }",
  "struct JBSuckerDeployerConfig { address deployer; JBTokenMapping[] mappings; }",
  "struct REVSuckerDeploymentConfig { JBSuckerDeployerConfig[] deployerConfigurations; bytes32 salt; }",
  "struct JBRulesetMetadata { uint16 reservedPercent; uint16 cashOutTaxRate; uint32 baseCurrency; bool pausePay; bool pauseCreditTransfers; bool allowOwnerMinting; bool allowSetCustomToken; bool allowTerminalMigration; bool allowSetTerminals; bool allowSetController; bool allowAddAccountingContext; bool allowAddPriceFeed; bool ownerMustSendPayouts; bool holdFees; bool useTotalSurplusForCashOuts; bool useDataHookForPay; bool useDataHookForCashOut; address dataHook; uint16 metadata; }",
  "struct JBSplitGroup { uint256 groupId; JBSplit[] splits; }",
  "struct JBCurrencyAmount { uint224 amount; uint32 currency; }",
  "struct JBFundAccessLimitGroup { address terminal; address token; JBCurrencyAmount[] payoutLimits; JBCurrencyAmount[] surplusAllowances; }",
  "struct JBRulesetConfig { uint48 mustStartAtOrAfter; uint32 duration; uint112 weight; uint32 weightCutPercent; address approvalHook; JBRulesetMetadata metadata; JBSplitGroup[] splitGroups; JBFundAccessLimitGroup[] fundAccessLimitGroups; }",
  "function deployFor(uint256 revnetId, REVConfig configuration, JBTerminalConfig[] terminalConfigurations, REVBuybackHookConfig buybackHookConfiguration, REVSuckerDeploymentConfig suckerDeploymentConfiguration) returns (uint256)",
  "function deploySuckersFor(uint256 revnetId, REVSuckerDeploymentConfig suckerDeploymentConfiguration) returns (address[] suckers)",
  "function cashOutDelayOf(uint256 revnetId) view returns (uint256 cashOutDelay)",
  "function isSplitOperatorOf(uint256 revnetId, address addr) view returns (bool)",
  "event DeployRevnet(uint256 indexed revnetId, REVConfig configuration, JBTerminalConfig[] terminalConfigurations, REVBuybackHookConfig buybackHookConfiguration, REVSuckerDeploymentConfig suckerDeploymentConfiguration, JBRulesetConfig[] rulesetConfigurations, bytes32 encodedConfigurationHash, address caller)",
]);

/** Circle's CCTP V2 (circlefin/evm-cctp-contracts, src/v2; no npm package carries it). The local stand-in has the same lines. */
export const tokenMessengerAbi = parseAbi([
  "function depositForBurn(uint256 amount, uint32 destinationDomain, bytes32 mintRecipient, address burnToken, bytes32 destinationCaller, uint256 maxFee, uint32 minFinalityThreshold)",
  "event DepositForBurn(address indexed burnToken, uint256 amount, address indexed depositor, bytes32 mintRecipient, uint32 destinationDomain, bytes32 destinationTokenMessenger, bytes32 destinationCaller, uint256 maxFee, uint32 indexed minFinalityThreshold, bytes hookData)",
]);
export const messageTransmitterAbi = parseAbi([
  "function receiveMessage(bytes message, bytes attestation) returns (bool)",
  "function usedNonces(bytes32) view returns (uint256)",
  "event MessageSent(bytes message)",
  "event MessageReceived(address indexed caller, uint32 sourceDomain, bytes32 indexed nonce, bytes32 sender, uint32 indexed finalityThresholdExecuted, bytes messageBody)",
]);

/** JBCCIPSucker, one clone for each store and pair of chains, and the registry that knows them. */
export const suckerAbi = parseAbi([
  "struct JBLeaf { uint256 index; address beneficiary; uint256 projectTokenCount; uint256 terminalTokenAmount; }",
  "struct JBClaim { address token; JBLeaf leaf; bytes32[32] proof; }",
  "struct JBInboxTreeRoot { uint64 nonce; bytes32 root; }",
  "struct MerkleTree { bytes32[32] branch; uint256 count; }",
  "struct JBOutboxTree { uint64 nonce; uint256 balance; MerkleTree tree; uint256 numberOfClaimsSent; }",
  "function prepare(uint256 projectTokenCount, address beneficiary, uint256 minTokensReclaimed, address token)",
  "function toRemote(address token) payable",
  "function claim(JBClaim claimData)",
  "function inboxOf(address token) view returns (JBInboxTreeRoot)",
  "function outboxOf(address token) view returns (JBOutboxTree)",
  "function peerChainId() view returns (uint256 chainId)",
  "event InsertToOutboxTree(address indexed beneficiary, address indexed token, bytes32 hashed, uint256 index, bytes32 root, uint256 projectTokenCount, uint256 terminalTokenAmount, address caller)",
  "event RootToRemote(bytes32 indexed root, address indexed token, uint256 index, uint64 nonce, address caller)",
  "event Claimed(address beneficiary, address token, uint256 projectTokenCount, uint256 terminalTokenAmount, uint256 index, bool autoAddedToBalance, address caller)",
]);
export const suckerRegistryAbi = parseAbi([
  "struct JBSuckersPair { address local; address remote; uint256 remoteChainId; }",
  "function suckerPairsOf(uint256 projectId) view returns (JBSuckersPair[] pairs)",
]);

/** Chainlink's router, asked for the fee of a message (IRouterClient and Client of @chainlink/contracts-ccip). */
export const ccipRouterAbi = parseAbi([
  "struct EVMTokenAmount { address token; uint256 amount; }",
  "struct EVM2AnyMessage { bytes receiver; bytes data; EVMTokenAmount[] tokenAmounts; address feeToken; bytes extraArgs; }",
  "function getFee(uint64 destinationChainSelector, EVM2AnyMessage message) view returns (uint256 fee)",
]);

export const buybackHookRegistryAbi = parseAbi([
  "function lockHookFor(uint256 projectId)",
  "function hasLockedHook(uint256 projectId) view returns (bool)",
  "function hookOf(uint256 projectId) view returns (address)",
]);

export const revLoansAbi = parseAbi([
  "struct REVLoanSource { address token; address terminal; }",
  "struct REVLoan { uint112 amount; uint112 collateral; uint48 createdAt; uint16 prepaidFeePercent; uint32 prepaidDuration; REVLoanSource source; }",
  "struct JBSingleAllowance { uint256 sigDeadline; uint160 amount; uint48 expiration; uint48 nonce; bytes signature; }",
  "function totalBorrowedFrom(uint256 revnetId, address terminal, address token) view returns (uint256)",
  "function totalCollateralOf(uint256 revnetId) view returns (uint256)",
  "function borrowableAmountFrom(uint256 revnetId, uint256 collateralCount, uint256 decimals, uint256 currency) view returns (uint256)",
  "function determineSourceFeeAmount(REVLoan loan, uint256 amount) view returns (uint256 sourceFeeAmount)",
  "function loanOf(uint256 loanId) view returns (REVLoan)",
  "function ownerOf(uint256 tokenId) view returns (address)",
  "function borrowFrom(uint256 revnetId, REVLoanSource source, uint256 minBorrowAmount, uint256 collateralCount, address beneficiary, uint256 prepaidFeePercent) returns (uint256 loanId, REVLoan loan)",
  "function repayLoan(uint256 loanId, uint256 maxRepayBorrowAmount, uint256 collateralCountToReturn, address beneficiary, JBSingleAllowance allowance) payable returns (uint256 paidOffLoanId, REVLoan loan)",
  "function reallocateCollateralFromLoan(uint256 loanId, uint256 collateralCountToTransfer, REVLoanSource source, uint256 minBorrowAmount, uint256 collateralCountToAdd, address beneficiary, uint256 prepaidFeePercent) payable returns (uint256 reallocatedLoanId, uint256 newLoanId, REVLoan reallocatedLoan, REVLoan newLoan)",
  "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
  "event Borrow(uint256 indexed loanId, uint256 indexed revnetId, REVLoan loan, REVLoanSource source, uint256 borrowAmount, uint256 collateralCount, uint256 sourceFeeAmount, address beneficiary, address caller)",
  "event Liquidate(uint256 indexed loanId, uint256 indexed revnetId, REVLoan loan, address caller)",
  "event RepayLoan(uint256 indexed loanId, uint256 indexed revnetId, uint256 indexed paidOffLoanId, REVLoan loan, REVLoan paidOffLoan, uint256 repayBorrowAmount, uint256 sourceFeeAmount, uint256 collateralCountToReturn, address beneficiary, address caller)",
  "event ReallocateCollateral(uint256 indexed loanId, uint256 indexed revnetId, uint256 indexed reallocatedLoanId, REVLoan reallocatedLoan, uint256 removedcollateralCount, address caller)",
]);

/** CocoAccount and its factory (contracts/artifacts.json). */
export const accountAbi = parseAbi([
  "function execute(bytes32 mode, bytes executionData) payable",
  "function addSigners(bytes[] signers)",
  "function removeSigners(bytes[] signers)",
  "function getSigners(uint64 start, uint64 end) view returns (bytes[])",
  "function isSigner(bytes signer) view returns (bool)",
  "event ERC7913SignerAdded(bytes indexed signers)",
  "event ERC7913SignerRemoved(bytes indexed signers)",
]);
export const accountFactoryAbi = parseAbi([
  "function implementation() view returns (address)",
  "function getAddress(bytes[] signers, bytes32 salt) view returns (address)",
  "function createAccount(bytes[] signers, bytes32 salt) returns (address account)",
]);

/** Pimlico's SingletonPaymasterV8 (@pimlico/mock-paymaster 0.0.7 carries its creation code, and the ABI of its V7 parent). */
export const paymasterAbi = parseAbi([
  "struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }",
  "function getHash(uint8 _mode, PackedUserOperation _userOp) view returns (bytes32)",
  "function getDeposit() view returns (uint256)",
  "function updateBundlerAllowlist(address[] bundlers, bool allowed)",
  "function isBundlerAllowed(address bundler) view returns (bool)",
  "function signers(address account) view returns (bool)",
]);
