"""Tests of what every call and every exchange is held against."""
