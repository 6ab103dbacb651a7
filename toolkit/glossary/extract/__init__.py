"""Find new concepts in aligned texts: phrases that are fixed, and fixed to each other.

``phrases`` finds what could be a term in one language, ``association`` what goes with what over
beads, ``candidates`` concepts with their renderings, ranked; ``queue`` makes proposals of them.
"""
