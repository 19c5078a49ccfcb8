"""Tests of the verdict: what a person sees, what a pipeline reads."""
