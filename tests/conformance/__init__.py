"""Tests of the suite: its machinery piece by piece, and the whole of it as a program."""
