"""A translation memory on disk: units in up to three languages, with where they came from."""
