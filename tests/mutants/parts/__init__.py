"""What faults are built from: parts of the emulator with a place for a fault in them.

`middleware` and `replies` spoil responses as a whole, `objects` the JSON in them, `bodies` what requests bring;
`listing`, `stores`, `updates` and `caches` replace what the emulator does with it.
"""
