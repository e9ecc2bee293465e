"""The portal as a whole: it names every app and is imported by none of them."""
