"""The GitHub Action, run as a runner would."""
