"""Released SDKs as subjects: the driver protocol, its host, and one folder for each SDK."""
