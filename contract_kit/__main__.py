"""`python -m contract_kit`: the command line, where its script is not on PATH."""

from __future__ import annotations

from contract_kit.cli.main import main

if __name__ == "__main__":
    main()
