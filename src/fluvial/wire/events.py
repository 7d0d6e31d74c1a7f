"""Where server-sent events are: `event: change` with a `fluvial.services.events.Change` as JSON."""

EVENTS_PATH = "/api/1.0/fluvial/events"
