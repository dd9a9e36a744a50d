"""`python -m app …` in the checkout, `python -m convoscope …` where the wheel is installed."""

if __name__ == "__main__":  # helper processes import this module again, and need nothing of it
    from .cli import main

    raise SystemExit(main())
