"""The machinery behind the scenarios: the way to the target, the judges of its answers, the run."""
