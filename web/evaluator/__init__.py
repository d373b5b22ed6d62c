"""The desk of an evaluator: visits and score sheets, on a phone."""
