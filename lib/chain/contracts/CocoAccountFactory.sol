// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CocoAccount} from "./CocoAccount.sol";

/// @title CocoAccountFactory
/// @notice Creates accounts at addresses that are known before, and equal on every chain.
/// @dev The first signers are inside the salt: whoever creates the account first can only create it for them.
contract CocoAccountFactory {
    /// @notice The code that every account delegates to.
    address public immutable implementation = address(new CocoAccount());

    /// @notice The address of the account of these first signers and this salt, created or not.
    function getAddress(bytes[] calldata signers, bytes32 salt) public view returns (address) {
        return Clones.predictDeterministicAddress(implementation, _cloneSalt(signers, salt));
    }

    /// @notice Creates the account, or answers the one that is there. Anybody may call.
    function createAccount(bytes[] calldata signers, bytes32 salt) external returns (address account) {
        account = getAddress(signers, salt);
        if (account.code.length > 0) return account;
        Clones.cloneDeterministic(implementation, _cloneSalt(signers, salt));
        CocoAccount(payable(account)).initialize(signers);
    }

    function _cloneSalt(bytes[] calldata signers, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(signers, salt));
    }
}
