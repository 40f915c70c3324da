"""How people come in: IR as text, a file or a module, to a Python function."""
