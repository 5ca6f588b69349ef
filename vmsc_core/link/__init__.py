"""How we stay connected: the only sockets, the only thread, the only waiting."""
