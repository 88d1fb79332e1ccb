"""What is measured: seconds and ratios against a named peer in the same run."""
