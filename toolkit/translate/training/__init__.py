"""Grow the starter model: grammar, sentences, vocabulary, training, export."""
