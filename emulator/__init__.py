"""A correct implementation of the Organizations API, to judge the suite by and to develop against."""
