"""What a run costs, and what the emulator takes, beside their peers: `python -m benchmarks [NUMBER ...]`."""
