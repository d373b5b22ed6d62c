"""The desk of an auditor: events, verification, sign-ins, grants, exports."""
