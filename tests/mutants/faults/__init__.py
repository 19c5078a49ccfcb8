"""The faults, a module a theme.

A mutant is a class or a function that spoils one part of the emulator, or an answer on its way
out; its docstring says what is wrong.
"""
