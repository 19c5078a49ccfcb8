"""Small faults planted in the emulator, each with the requirement whose finding must name it.

`faults/` holds them, a module a theme; the rest plants them and tries the suite on them.
"""
