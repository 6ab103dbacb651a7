"""Numbers, money, ordinals and dates by value: found in one language, written in another."""
