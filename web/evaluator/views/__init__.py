"""The pages of the evaluator's desk."""
