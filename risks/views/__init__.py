"""Pages of the register. Each view reads a form, calls one service, and answers."""
