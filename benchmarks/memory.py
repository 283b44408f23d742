"""What a process that serves pages weighs after ten thousand requests; see benchmarks/load.py."""

import sys

from benchmarks import load

if __name__ == "__main__":
    sys.exit(load.main(["memory", *sys.argv[1:]]))
