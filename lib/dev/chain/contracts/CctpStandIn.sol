// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

// LOCAL STAND-IN for Circle's CCTP V2, whose contracts no npm package carries. Messages, events, names and checks are those of
// circlefin/evm-cctp-contracts (src/v2, src/messages/v2), as far as CocoPay uses them, so that the same calls work on public chains.
// Roles, pausing, deny lists, hooks and more than one attester are left out.

interface IFiatToken {
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    function burn(uint256 amount) external;
    function mint(address to, uint256 amount) external returns (bool);
}

interface IMessageHandlerV2 {
    function handleReceiveFinalizedMessage(uint32 remoteDomain, bytes32 sender, uint32 finalityThresholdExecuted, bytes calldata messageBody)
        external
        returns (bool);
    function handleReceiveUnfinalizedMessage(uint32 remoteDomain, bytes32 sender, uint32 finalityThresholdExecuted, bytes calldata messageBody)
        external
        returns (bool);
}

/// @title MessageTransmitterV2
/// @notice Sends messages as events, and takes each one that the attester signed once.
contract MessageTransmitterV2 {
    event MessageSent(bytes message);
    event MessageReceived(
        address indexed caller,
        uint32 sourceDomain,
        bytes32 indexed nonce,
        bytes32 sender,
        uint32 indexed finalityThresholdExecuted,
        bytes messageBody
    );

    uint32 public constant version = 1;
    uint32 private constant FINALITY_THRESHOLD_FINALIZED = 2000;
    uint256 private constant BODY_INDEX = 148;
    /// @dev Half the order of secp256k1: a higher `s` is a second form of the same signature.
    uint256 private constant S_MAX = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    uint32 public localDomain;
    address public attester;
    bool private isInitialized;
    mapping(bytes32 => uint256) public usedNonces;

    /// @notice Set once, by the local deployment: the code is put at Circle's address without its constructor.
    function initialize(uint32 localDomain_, address attester_) external {
        require(!isInitialized, "Already initialized");
        isInitialized = true;
        localDomain = localDomain_;
        attester = attester_;
    }

    /// @dev Nonce and executed finality are empty here; the attestation service fills them in before it signs.
    function sendMessage(uint32 destinationDomain, bytes32 recipient, bytes32 destinationCaller, uint32 minFinalityThreshold, bytes calldata messageBody)
        external
    {
        require(destinationDomain != localDomain, "Domain is local domain");
        require(recipient != bytes32(0), "Recipient must be nonzero");
        emit MessageSent(
            abi.encodePacked(
                version,
                localDomain,
                destinationDomain,
                bytes32(0),
                bytes32(uint256(uint160(msg.sender))),
                recipient,
                destinationCaller,
                minFinalityThreshold,
                uint32(0),
                messageBody
            )
        );
    }

    function receiveMessage(bytes calldata message, bytes calldata attestation) external returns (bool) {
        require(attestation.length == 65, "Invalid attestation length");
        require(_recover(keccak256(message), attestation) == attester, "Invalid signature: not attester");
        require(message.length >= BODY_INDEX, "Invalid message: too short");
        require(uint32(bytes4(message[8:12])) == localDomain, "Invalid destination domain");
        bytes32 destinationCaller = bytes32(message[108:140]);
        if (destinationCaller != bytes32(0)) {
            require(destinationCaller == bytes32(uint256(uint160(msg.sender))), "Invalid caller for message");
        }
        require(uint32(bytes4(message[0:4])) == version, "Invalid message version");
        bytes32 nonce = bytes32(message[12:44]);
        require(usedNonces[nonce] == 0, "Nonce already used");
        usedNonces[nonce] = 1;
        _handle(message);
        emit MessageReceived(
            msg.sender, uint32(bytes4(message[4:8])), nonce, bytes32(message[44:76]), uint32(bytes4(message[144:148])), message[BODY_INDEX:]
        );
        return true;
    }

    function _handle(bytes calldata message) private {
        IMessageHandlerV2 recipient = IMessageHandlerV2(address(uint160(uint256(bytes32(message[76:108])))));
        uint32 sourceDomain = uint32(bytes4(message[4:8]));
        bytes32 sender = bytes32(message[44:76]);
        uint32 executed = uint32(bytes4(message[144:148]));
        if (executed < FINALITY_THRESHOLD_FINALIZED) {
            require(
                recipient.handleReceiveUnfinalizedMessage(sourceDomain, sender, executed, message[BODY_INDEX:]),
                "handleReceiveUnfinalizedMessage() failed"
            );
        } else {
            require(
                recipient.handleReceiveFinalizedMessage(sourceDomain, sender, executed, message[BODY_INDEX:]), "handleReceiveFinalizedMessage() failed"
            );
        }
    }

    function _recover(bytes32 digest, bytes calldata signature) private pure returns (address signer) {
        require(uint256(bytes32(signature[32:64])) <= S_MAX, "ECDSA: invalid signature 's' value");
        signer = ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
        require(signer != address(0), "ECDSA: invalid signature");
    }
}

/// @title TokenMessengerV2
/// @notice Burns USDC here and mints it where the message is received. TokenMinterV2's part is in it: it is a minter of the real FiatToken.
contract TokenMessengerV2 is IMessageHandlerV2 {
    event DepositForBurn(
        address indexed burnToken,
        uint256 amount,
        address indexed depositor,
        bytes32 mintRecipient,
        uint32 destinationDomain,
        bytes32 destinationTokenMessenger,
        bytes32 destinationCaller,
        uint256 maxFee,
        uint32 indexed minFinalityThreshold,
        bytes hookData
    );
    event MintAndWithdraw(address indexed mintRecipient, uint256 amount, address indexed mintToken, uint256 feeCollected);

    uint32 public constant messageBodyVersion = 1;
    uint32 private constant TOKEN_MESSENGER_MIN_FINALITY_THRESHOLD = 500;
    uint256 private constant HOOK_DATA_INDEX = 228;

    address public localMessageTransmitter;
    address public localToken;
    address public feeRecipient;
    mapping(uint32 => bytes32) public remoteTokenMessengers;
    mapping(uint32 => bytes32) private remoteTokens;

    /// @notice Set once, by the local deployment.
    function initialize(
        address localMessageTransmitter_,
        address localToken_,
        address feeRecipient_,
        uint32[] calldata remoteDomains_,
        bytes32[] calldata remoteTokenMessengers_,
        bytes32[] calldata remoteTokens_
    ) external {
        require(localMessageTransmitter == address(0), "Already initialized");
        localMessageTransmitter = localMessageTransmitter_;
        localToken = localToken_;
        feeRecipient = feeRecipient_;
        for (uint256 i; i < remoteDomains_.length; i++) {
            remoteTokenMessengers[remoteDomains_[i]] = remoteTokenMessengers_[i];
            remoteTokens[remoteDomains_[i]] = remoteTokens_[i];
        }
    }

    function depositForBurn(
        uint256 amount,
        uint32 destinationDomain,
        bytes32 mintRecipient,
        address burnToken,
        bytes32 destinationCaller,
        uint256 maxFee,
        uint32 minFinalityThreshold
    ) external {
        require(amount > 0, "Amount must be nonzero");
        require(mintRecipient != bytes32(0), "Mint recipient must be nonzero");
        require(maxFee < amount, "Max fee must be less than amount");
        require(burnToken == localToken, "Burn token not supported");
        require(remoteTokenMessengers[destinationDomain] != bytes32(0), "No TokenMessenger for domain");

        require(IFiatToken(burnToken).transferFrom(msg.sender, address(this), amount), "Transfer operation failed");
        IFiatToken(burnToken).burn(amount);
        MessageTransmitterV2(localMessageTransmitter).sendMessage(
            destinationDomain,
            remoteTokenMessengers[destinationDomain],
            destinationCaller,
            minFinalityThreshold,
            _burnMessage(amount, mintRecipient, burnToken, maxFee)
        );
        emit DepositForBurn(
            burnToken,
            amount,
            msg.sender,
            mintRecipient,
            destinationDomain,
            remoteTokenMessengers[destinationDomain],
            destinationCaller,
            maxFee,
            minFinalityThreshold,
            ""
        );
    }

    function _burnMessage(uint256 amount, bytes32 mintRecipient, address burnToken, uint256 maxFee) private view returns (bytes memory) {
        return abi.encodePacked(
            messageBodyVersion,
            bytes32(uint256(uint160(burnToken))),
            mintRecipient,
            amount,
            bytes32(uint256(uint160(msg.sender))),
            maxFee,
            uint256(0),
            uint256(0)
        );
    }

    function handleReceiveFinalizedMessage(uint32 remoteDomain, bytes32 sender, uint32, bytes calldata messageBody) external returns (bool) {
        _mint(remoteDomain, sender, messageBody, 0);
        return true;
    }

    function handleReceiveUnfinalizedMessage(uint32 remoteDomain, bytes32 sender, uint32 finalityThresholdExecuted, bytes calldata messageBody)
        external
        returns (bool)
    {
        require(finalityThresholdExecuted >= TOKEN_MESSENGER_MIN_FINALITY_THRESHOLD, "Unsupported finality threshold");
        require(messageBody.length >= HOOK_DATA_INDEX, "Invalid burn message: too short");
        uint256 expirationBlock = uint256(bytes32(messageBody[196:228]));
        require(expirationBlock == 0 || expirationBlock > block.number, "Message expired and must be re-signed");
        uint256 fee = uint256(bytes32(messageBody[164:196]));
        require(fee == 0 || fee < uint256(bytes32(messageBody[68:100])), "Fee equals or exceeds amount");
        require(fee <= uint256(bytes32(messageBody[132:164])), "Fee exceeds max fee");
        _mint(remoteDomain, sender, messageBody, fee);
        return true;
    }

    function _mint(uint32 remoteDomain, bytes32 sender, bytes calldata messageBody, uint256 fee) private {
        require(msg.sender == localMessageTransmitter, "Invalid message transmitter");
        require(sender != bytes32(0) && remoteTokenMessengers[remoteDomain] == sender, "Remote TokenMessenger unsupported");
        require(messageBody.length >= HOOK_DATA_INDEX, "Invalid burn message: too short");
        require(uint32(bytes4(messageBody[0:4])) == messageBodyVersion, "Invalid message body version");
        require(bytes32(messageBody[4:36]) == remoteTokens[remoteDomain], "Mint token not supported");
        address mintRecipient = address(uint160(uint256(bytes32(messageBody[36:68]))));
        uint256 amount = uint256(bytes32(messageBody[68:100])) - fee;
        require(IFiatToken(localToken).mint(mintRecipient, amount), "Mint failed");
        if (fee > 0) require(IFiatToken(localToken).mint(feeRecipient, fee), "Mint failed");
        emit MintAndWithdraw(mintRecipient, amount, localToken, fee);
    }
}
