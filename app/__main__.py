"""`python -m app …` in the checkout, `python -m convoscope …` where the wheel is installed."""

from .cli import main

if __name__ == "__main__":
    raise SystemExit(main())
