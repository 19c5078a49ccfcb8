"""The documentation page's samples: that they are the page's, and that they are run."""
