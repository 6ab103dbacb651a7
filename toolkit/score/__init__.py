"""Score a translation: sacreBLEU, and what became of the terms."""
