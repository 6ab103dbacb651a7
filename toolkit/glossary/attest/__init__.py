"""Where the renderings of a concept stand in a folder of dispatches, and how they change.

``folder`` reads dispatches and aligned files with their dates, ``uses`` finds the renderings,
``drift`` counts them by month and finds where their shares change.
"""
