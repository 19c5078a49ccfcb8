"""Tests of the data that is made from the promises."""
