"""One file, one place on the network."""
