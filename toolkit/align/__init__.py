"""Align two or three versions of a dispatch, segment by segment."""
