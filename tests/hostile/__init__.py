"""The attack tests: what a stranger's registry, checkout, environment or words may try, and that nothing comes of it.

`python -m pytest tests/hostile` runs them all. `attack.py` holds what is true of every answer, whatever the attack:
it comes soon, without much memory, without a traceback, and does nothing but answer.
"""
