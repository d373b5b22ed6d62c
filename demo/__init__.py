"""A rehearsal on one machine: fictional data, every process, a mail inbox. Never for real work."""
