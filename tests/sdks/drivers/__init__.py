"""Each driver that runs here, against the emulator and the SDK that it drives."""
