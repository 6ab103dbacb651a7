"""Glossaries of other programs, in and out: a module a format.

``formats`` is the door: `formats.read` gives a `parcel.Parcel`, `formats.write` bytes and a report
of what the format cannot carry. ``arrive`` brings a parcel into a glossary file.
"""
