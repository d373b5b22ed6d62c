"""The desk of a district bureau: the queue, the case, the summary, the work report."""
