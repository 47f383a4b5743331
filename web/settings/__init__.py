"""What the desk may change of the city's settings: lists, forms, what was before, the rules, the export."""
