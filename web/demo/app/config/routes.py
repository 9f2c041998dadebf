routes = None
