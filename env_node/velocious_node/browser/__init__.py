"""The browser side as the server sees it: what a page gets, and nothing else."""
