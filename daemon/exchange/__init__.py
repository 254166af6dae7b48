"""The exchange in a box: REST and websocket shell over daemon.sim.exchange, a process of its own."""
