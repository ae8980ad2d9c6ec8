"""An append-only Merkle log of what was collected, found, decided and sent."""
