// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";

/// @title CocoAccount
/// @notice A person's or a store's account: any one of its signers may act, in batches, through EntryPoint 0.8.
/// @dev Made of OpenZeppelin parts. A signer is an ERC-7913 signer: 20 bytes are an externally owned account, longer bytes
/// are a verifier and a key (a passkey). The address never changes when signers do, so custody moves from CocoPay's
/// managed key to the person's own keys without moving money.
contract CocoAccount is Account, MultiSignerERC7913, ERC7821, ERC721Holder, ERC1155Holder, Initializable {
    /// @dev The implementation behind the clones belongs to nobody and can't be initialized.
    constructor() MultiSignerERC7913(_nobody(), 1) {
        _disableInitializers();
    }

    /// @notice Sets the first signers. Called once, by the factory, in the transaction that creates the clone.
    /// @dev No signers at all makes the threshold unreachable and reverts.
    function initialize(bytes[] calldata signers) external initializer {
        _addSigners(signers);
        _setThreshold(1);
    }

    /// @notice Adds signers. Only the account itself, in an operation that one of its signers signed.
    function addSigners(bytes[] calldata signers) external onlyEntryPointOrSelf {
        _addSigners(signers);
    }

    /// @notice Removes signers. The last one can't go.
    function removeSigners(bytes[] calldata signers) external onlyEntryPointOrSelf {
        _removeSigners(signers);
    }

    /// @notice EntryPoint 0.8, at the same address on every chain.
    function entryPoint() public pure override returns (IEntryPoint) {
        return ERC4337Utils.ENTRYPOINT_V08;
    }

    /// @dev The entry point may execute too: it has checked a signer's signature by then.
    function _erc7821AuthorizedExecutor(address caller, bytes32 mode, bytes calldata executionData)
        internal
        view
        override
        returns (bool)
    {
        return caller == address(entryPoint()) || super._erc7821AuthorizedExecutor(caller, mode, executionData);
    }

    function _nobody() private pure returns (bytes[] memory signers) {
        signers = new bytes[](1);
        signers[0] = abi.encodePacked(address(0xdead));
    }
}
