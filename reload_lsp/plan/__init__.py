"""What a changed statement means for the others: graph, effects, rules. Pure."""
