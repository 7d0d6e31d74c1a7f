"""What a plugin's author needs: suites to subclass, each saying what every plugin of a kind must do."""
