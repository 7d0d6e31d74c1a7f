"""Models as folders: saved once with everything that it takes to run them anywhere, checked before use."""
