"""``python -m tenfold``."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the working folder, which holds whatever it holds: this package is found already
    from tenfold.cli import main

    main()
