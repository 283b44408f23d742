"""Who may do what in the register (`permissions`), and the pure rules of scoring (`scoring`)."""
