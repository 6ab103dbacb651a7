"""Translation models on this machine: what they are, where they lie, how they come and go."""
