"""The doors: command line (cli) and, through the package itself, Python. They parse, call the pipeline and print."""
