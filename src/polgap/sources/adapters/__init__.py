"""One file, one source. They do not know each other; `polgap.sources.registry` names them."""
