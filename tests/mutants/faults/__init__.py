"""The faults, each in the file of the requirement that it breaks. To import this package is to plant them all.

A mutant is a class that takes the place of a part of the emulator, a function that alters responses, or a row
of a table that says how such a part is made. Its sentence says what is wrong.
"""

import importlib
import pkgutil

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")
