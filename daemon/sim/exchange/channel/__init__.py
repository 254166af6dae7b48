"""What the venue's websocket channels say and to whom, without sockets."""
