"""The domain: campaigns, communities, nominations, district review, recommendation, assessment, selection, report."""
