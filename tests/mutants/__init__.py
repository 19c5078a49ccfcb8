"""Small faults planted in the emulator, each with the requirement whose finding must name it.

`faults/` holds them, `parts/` what they are built from; the rest plants them and runs the suite against them.
"""
