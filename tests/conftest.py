"""What holds for every test."""

import os

# As the command line does, and before numpy is imported: small matrices want one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
