"""`make bench`: our pages beside bare Django views, on the same server and settings, in one run."""
