"""`make bench`: time our pages beside bare Django views, on the same server, in one run."""
