"""Records that devices and scripts push: accepted into a journal, then published together as one more version."""
