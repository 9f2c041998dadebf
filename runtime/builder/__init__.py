"""The steps that build the runtime folder, one per module; ``runtime.build`` runs them."""
