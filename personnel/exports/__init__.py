"""Files that leave the server, made of what a page shows."""
