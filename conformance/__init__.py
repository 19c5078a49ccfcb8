"""The suite: what is checked, in the API's own words."""
