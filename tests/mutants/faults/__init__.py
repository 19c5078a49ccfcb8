"""The faults, a module a theme. To import this package is to plant them all.

A mutant is a class or a function that spoils one part of the emulator, or an answer on its way
out; its docstring says what is wrong.
"""

import importlib
import pkgutil

for theme in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{theme.name}")
