"""Template tags and filters of the screens; settings makes them built in, so no template loads them."""
