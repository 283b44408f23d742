"""What `bin/up`, `bin/test` and `bin/manage` do.

`bootstrap` runs under any Python 3.11 and makes the virtual environment; everything
else runs inside it, and only with the standard library.
"""
