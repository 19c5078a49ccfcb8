"""What a run costs, and what the emulator takes, measured: `python -m benchmarks`."""
