"""The auditor's pages: events, verification, and the logs of sign-ins, grants and exports."""
