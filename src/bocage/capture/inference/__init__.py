"""From columns of texts to typed fields: what values show, what people ask, what remains doubtful."""
