"""The platform over HTTP: dispatch, streams, the checks at the door, the built web app."""
