"""What the functional tests stand on: offices with keys and daemons of their own, on loopback."""
