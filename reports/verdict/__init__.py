"""The outcome of a run as data: the verdict, what it accepts, what it comes to, how two compare."""
