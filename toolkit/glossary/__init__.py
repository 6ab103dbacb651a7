"""The glossary: concepts with their terms in three languages, matching and checking."""
