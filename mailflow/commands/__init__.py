"""The commands, one module each; cli.py puts them together. Each says what it does with `--help`, and an example."""
