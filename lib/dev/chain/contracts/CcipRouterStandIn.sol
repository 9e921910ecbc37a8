// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

// LOCAL STAND-IN for Chainlink's CCIP: router, ramps and token pool in one. It takes messages and tokens as the router does
// (IRouterClient, @chainlink/contracts-ccip) and tells of them in an event; the local relay delivers them on the other chain.

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

library Client {
    struct EVMTokenAmount {
        address token;
        uint256 amount;
    }

    struct Any2EVMMessage {
        bytes32 messageId;
        uint64 sourceChainSelector;
        bytes sender;
        bytes data;
        EVMTokenAmount[] destTokenAmounts;
    }

    struct EVM2AnyMessage {
        bytes receiver;
        bytes data;
        EVMTokenAmount[] tokenAmounts;
        address feeToken;
        bytes extraArgs;
    }
}

interface IAny2EVMMessageReceiver {
    function ccipReceive(Client.Any2EVMMessage calldata message) external;
}

/// @title CcipRouterStandIn
contract CcipRouterStandIn {
    event Sent(
        bytes32 indexed messageId, uint64 indexed destinationChainSelector, address sender, address receiver, bytes data, uint256 amount
    );
    event Delivered(bytes32 indexed messageId);

    error InsufficientFeeTokenAmount();

    uint256 private constant FEE = 0.0001 ether;

    uint64 public localSelector;
    address public localToken;
    address public relayer;
    uint256 private sentCount;
    /// @notice Every message is delivered once, however often the relay tries.
    mapping(bytes32 => bool) public isDelivered;

    /// @notice Set once, by the local deployment: the code is put at Chainlink's address without a constructor.
    function initialize(uint64 localSelector_, address localToken_, address relayer_) external {
        require(relayer == address(0), "Already initialized");
        localSelector = localSelector_;
        localToken = localToken_;
        relayer = relayer_;
    }

    function getFee(uint64 destinationChainSelector, Client.EVM2AnyMessage calldata) external view returns (uint256) {
        require(destinationChainSelector != localSelector, "Unsupported destination chain");
        return FEE;
    }

    function ccipSend(uint64 destinationChainSelector, Client.EVM2AnyMessage calldata message) external payable returns (bytes32 messageId) {
        if (msg.value < FEE) revert InsufficientFeeTokenAmount();
        uint256 amount;
        if (message.tokenAmounts.length > 0) {
            require(message.tokenAmounts.length == 1 && message.tokenAmounts[0].token == localToken, "Token not supported");
            amount = message.tokenAmounts[0].amount;
            require(IERC20(localToken).transferFrom(msg.sender, address(this), amount), "Transfer failed");
        }
        messageId = keccak256(abi.encode(localSelector, ++sentCount));
        emit Sent(messageId, destinationChainSelector, msg.sender, abi.decode(message.receiver, (address)), message.data, amount);
    }

    /// @notice The relay brings a message of another chain, with dollars that were minted to this contract for it.
    function deliver(bytes32 messageId, uint64 sourceChainSelector, address sender, address receiver, bytes calldata data, uint256 amount) external {
        require(msg.sender == relayer, "Only the relay");
        require(!isDelivered[messageId], "Already delivered");
        isDelivered[messageId] = true;
        Client.EVMTokenAmount[] memory amounts = new Client.EVMTokenAmount[](amount > 0 ? 1 : 0);
        if (amount > 0) {
            amounts[0] = Client.EVMTokenAmount(localToken, amount);
            require(IERC20(localToken).transfer(receiver, amount), "Transfer failed");
        }
        IAny2EVMMessageReceiver(receiver).ccipReceive(Client.Any2EVMMessage(messageId, sourceChainSelector, abi.encode(sender), data, amounts));
        emit Delivered(messageId);
    }
}
