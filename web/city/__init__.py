"""The desk of the city bureau: overview, evaluation, ranking, selection, report, settings."""
