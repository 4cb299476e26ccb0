"""Who may do what, where: accounts, sign-in, grants."""
