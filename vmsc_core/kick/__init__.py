"""What Kick says: text in, values out. No socket, thread, clock or file in this room."""
