"""What holds for all tests."""

from hypothesis import settings

# Who clones the project must see what its authors saw; the fuzzers look for news.
settings.register_profile("same", derandomize=True)
settings.register_profile("random", derandomize=False)
settings.load_profile("same")
