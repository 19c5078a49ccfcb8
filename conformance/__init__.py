"""The suite: what is checked, in the API's own words."""

__version__ = "0.1.0"
