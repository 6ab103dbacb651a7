"""Translate a dispatch locally, fixed phrases placed or reported."""
