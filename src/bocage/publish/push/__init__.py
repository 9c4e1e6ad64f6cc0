"""`/api/push/1.0/`: records pushed by devices and scripts, in the addresses and the answers that their clients know."""
