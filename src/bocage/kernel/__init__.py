"""What every other package stands on: clock, ids, errors, registry, outgoing HTTP. No models."""
