"""What runs the portal and its tests on a machine that has nothing but Python: never imported by an app."""
