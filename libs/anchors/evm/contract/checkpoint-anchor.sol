// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Writes checkpoint roots into the chain's event log. It has no owner, no storage and no way to change: anybody may call it, and what
/// a call proves is only that the chain held this root at that time.
contract CheckpointAnchor {
    /// A root was here. Indexed, so that anybody finds it by the root alone.
    event Anchored(bytes32 indexed root);

    function anchor(bytes32 root) external {
        emit Anchored(root);
    }
}
