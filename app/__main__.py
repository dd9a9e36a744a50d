"""`python -m app …` in the checkout, `python -m convoscope …` where the wheel is installed."""

if __name__ == "__main__":  # worker processes import this module again and must not run it
    from .cli import main

    raise SystemExit(main())
