"""Writing of training: programmes, plans, classes, nominations, results."""
