"""Commands in a page's developer console: ``await velociousCLI.run("db:migrate")``."""
